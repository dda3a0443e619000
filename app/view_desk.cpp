#include "app/view_desk.h"

#include "app/injection_words.h"
#include "app/main_window.h"
#include "app/scenario_lists.h"
#include "widgets/command_palette.h"
#include "widgets/format.h"
#include "widgets/safe_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QInputDialog>

#include <memory>

namespace atlas::app {

namespace {

constexpr const char* kSceneWords[] = {"floorplan", "fabric", "timeline", "orbit", "matrix"}; // as PaneScene

} // namespace

ViewDesk::ViewDesk(MainWindow& window)
    : QObject(&window)
    , m_window(window) {
    connect(&window, &MainWindow::pictureShown, this, &ViewDesk::showPending);
    refreshActions();
}

void ViewDesk::openPalette(bool placesOnly) {
    auto* palette = new widgets::CommandPalette(&m_window);
    palette->setAttribute(Qt::WA_DeleteOnClose);
    palette->setTheme(m_window.theme());
    palette->setActions(m_window.actions().all());
    if (placesOnly) {
        palette->setPlacesOnly();
    }
    FinderSource source;
    for (const Side side : kSides) {
        source.clusters[index(side)] = m_window.stage().pane(side).cluster();
        source.frames[index(side)] = m_window.shown().frames[index(side)];
    }
    source.preferred = m_window.selectedSide();
    const auto found = std::make_shared<std::vector<Place>>();
    palette->setPlaces([found, source](const QString& typed) {
        *found = findPlaces(typed, source);
        std::vector<widgets::PaletteEntry> entries;
        for (const Place& place : *found) {
            entries.push_back({place.name, place.detail, place.near});
        }
        return entries;
    });
    connect(palette, &widgets::CommandPalette::placeChosen, this,
            [this, found](int entry) { goTo((*found)[static_cast<std::size_t>(entry)]); });
    palette->popUp();
}

void ViewDesk::goTo(const Place& place) {
    m_window.showPage({});
    const auto& maximised = m_window.stage().maximised();
    if (maximised && *maximised != place.side) {
        (place.side == Side::A ? m_window.actions().maximiseA : m_window.actions().maximiseB)->trigger();
    }
    widgets::SceneView& view = m_window.stage().pane(place.side).view();
    const auto has = [&] {
        return !view.scene().worldRect(place.target).isEmpty() ||
               view.scene().cameraOn(place.target, view.viewport()).has_value();
    };
    if (!has()) {
        const bool network = place.target.kind == scenes::TargetKind::Switch ||
                             place.target.kind == scenes::TargetKind::LinkGroup;
        m_window.actionOf(network ? widgets::PaneScene::Fabric : widgets::PaneScene::Floorplan)->trigger();
    }
    m_window.select(place.side, place.target);
    view.flyTo(place.target);
}

Bookmark ViewDesk::captured(const QString& name) const {
    widgets::Stage& stage = m_window.stage();
    Bookmark view;
    view.name = name;
    view.scene = QLatin1String(kSceneWords[static_cast<std::size_t>(stage.scene())]);
    view.colouring = colouringId(stage.pane(Side::A).floor().options().colourBy);
    view.link = stage.link();
    view.clockLink = m_window.playback().link();
    view.difference = m_window.showsDifference();
    view.side = m_window.selectedSide();
    for (const Side side : kSides) {
        view.clocks[index(side)] = m_window.playback().clock(side);
        view.clocks[index(side)].playing = false;
        view.cameras[index(side)] = stage.pane(side).view().scene().camera();
        view.choices[index(side)] = m_window.session().workspace()->pane(side).choice;
    }
    widgets::ScenePane& pane = stage.pane(view.side);
    if (pane.selection() && pane.cluster()) {
        if (const auto part = partOf(*pane.cluster(), pane.selection())) {
            view.selection = QString::fromStdString(cluster::partName(*pane.cluster(), *part));
        }
    }
    return view;
}

void ViewDesk::addBookmark() {
    if (!m_window.session().workspace()) {
        return;
    }
    auto* dialog = new QInputDialog(&m_window);
    dialog->setObjectName(QStringLiteral("nameView"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Keep this view"));
    dialog->setLabelText(tr("Name of the view"));
    dialog->setTextValue(tr("View %1 · %2")
                             .arg(m_bookmarks.size() + 1)
                             .arg(widgets::clockText(std::floor(m_window.playback().timeS()))));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
        if (!name.trimmed().isEmpty()) {
            add(name.trimmed());
        }
    });
    dialog->open();
}

void ViewDesk::add(const QString& name) {
    m_bookmarks.push_back(captured(name));
    m_current = m_bookmarks.size() - 1;
    save();
    emit told(tr("Kept “%1”").arg(name));
}

void ViewDesk::forget() {
    if (!m_current) {
        return;
    }
    const QString name = m_bookmarks[*m_current].name;
    m_bookmarks.erase(m_bookmarks.begin() + static_cast<std::ptrdiff_t>(*m_current));
    m_current =
        m_bookmarks.empty() ? std::nullopt : std::optional(std::min(*m_current, m_bookmarks.size() - 1));
    save();
    emit told(tr("Gave up “%1”").arg(name));
}

void ViewDesk::goTo(std::size_t bookmark) {
    if (bookmark >= m_bookmarks.size() || !m_window.session().workspace()) {
        return;
    }
    m_current = bookmark;
    refreshActions();
    const Bookmark& view = m_bookmarks[bookmark];
    m_pending = view;
    for (const Side side : kSides) {
        if (m_window.session().workspace()->pane(side).choice != view.choices[index(side)]) {
            m_window.session().setChoice(side, view.choices[index(side)]);
        }
    }
    m_window.showPage({});
    showPending();
}

void ViewDesk::step(int direction) {
    const auto count = static_cast<std::ptrdiff_t>(m_bookmarks.size());
    const std::ptrdiff_t next = m_current ? static_cast<std::ptrdiff_t>(*m_current) + direction : 0;
    if (next < 0 || next >= count) {
        emit told(count == 0      ? tr("No view is kept yet: Ctrl+B keeps one")
                  : direction > 0 ? tr("This is the last view")
                                  : tr("This is the first view"));
        return;
    }
    goTo(static_cast<std::size_t>(next));
}

void ViewDesk::showPending() {
    const auto workspace = m_window.session().workspace();
    if (!m_pending || !workspace || m_window.session().busy() || m_window.shown().workspace != workspace) {
        return;
    }
    const Bookmark view = *m_pending;
    m_pending.reset();
    show(view);
}

void ViewDesk::show(const Bookmark& view) {
    widgets::Stage& stage = m_window.stage();
    const auto scene = std::ranges::find_if(
        kSceneWords, [&](const char* word) { return view.scene == QLatin1String(word); });
    const auto wanted = static_cast<widgets::PaneScene>(scene - std::begin(kSceneWords));
    if (stage.scene() != wanted) {
        m_window.actionOf(wanted)->trigger();
    }
    m_window.colour(colouringOf(view.colouring));
    m_window.showDifference(view.difference);
    stage.setLink(view.link);
    m_window.playback().show(view.clockLink, view.clocks);
    scenes::Target target;
    if (const auto cluster = stage.pane(view.side).cluster(); cluster && !view.selection.isEmpty()) {
        if (const auto part = cluster::parsePart(*cluster, view.selection.toStdString())) {
            target = targetOf(*cluster, *part);
        }
    }
    m_window.select(view.side, target);
    stage.flyTo(view.cameras);
    emit told(tr("%1 of %2: %3").arg(m_current.value_or(0) + 1).arg(m_bookmarks.size()).arg(view.name));
}

QString ViewDesk::file() const {
    const Session& session = m_window.session();
    const bool beside =
        !session.shipped() && QFileInfo(QFileInfo(session.file()).absolutePath()).isWritable();
    return bookmarkFile(session.file(), beside);
}

void ViewDesk::load() {
    m_bookmarks.clear();
    m_current.reset();
    m_pending.reset();
    QFile in(file());
    if (in.open(QIODevice::ReadOnly)) {
        auto read = bookmarksFromJson(in.readAll());
        if (read) {
            m_bookmarks = std::move(*read);
        } else {
            emit failed(read.errors());
        }
    }
    refreshActions();
}

void ViewDesk::save() {
    const QString path = file();
    if (!QDir().mkpath(QFileInfo(path).absolutePath())) {
        emit failed(failure("cannot make the folder of " + path.toStdString(), "check its permissions"));
    } else if (const Diagnostics problems = widgets::writeSafely(path, toJson(m_bookmarks));
               !problems.empty()) {
        emit failed(problems);
    }
    refreshActions();
}

void ViewDesk::refreshActions() {
    const MainActions& actions = m_window.actions();
    for (std::size_t i = 0; i < actions.views.size(); ++i) {
        QAction& action = *actions.views[i];
        const bool there = i < m_bookmarks.size();
        action.setVisible(there);
        action.setEnabled(there);
        action.setText(there ? QString(m_bookmarks[i].name).replace(QLatin1Char('&'), QStringLiteral("&&"))
                             : QString());
    }
    actions.forgetView->setEnabled(m_current.has_value());
    emit bookmarksChanged();
}

} // namespace atlas::app
