#include "app/injection_desk.h"

#include "app/injection_words.h"

#include "model/cluster/part_cover.h"
#include "widgets/format.h"

#include <QMenu>

#include <algorithm>

namespace atlas::app {

namespace {
/// Of an area: more would make the list of injections unreadable.
constexpr std::size_t kMostParts = 64;
} // namespace

InjectionDesk::InjectionDesk(Session& session, Playback& playback, widgets::InjectionsPanel& panel,
                             QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_playback(playback)
    , m_panel(panel) {
    connect(&panel, &widgets::InjectionsPanel::injectRequested, this, [this](const QString& offer) {
        m_parts.empty() ? inject(m_side, m_target, offer) : injectArea(offer);
    });
    connect(&panel, &widgets::InjectionsPanel::removeRequested, this,
            [this](int item) { m_session.removeInjection(static_cast<std::size_t>(item)); });
    connect(&panel, &widgets::InjectionsPanel::changeRequested, this,
            [this](int item, double share, double lastsS) {
                m_session.changeInjection(static_cast<std::size_t>(item), share, lastsS);
            });
    connect(&panel, &widgets::InjectionsPanel::jumpRequested, this, &InjectionDesk::jump);
}

const cluster::Cluster* InjectionDesk::clusterOf(Side side) const {
    const auto workspace = m_session.workspace();
    const bool there = workspace && workspace->pane(side).timeline;
    return there ? workspace->pane(side).timeline->cluster().get() : nullptr;
}

void InjectionDesk::setSelection(Side side, scenes::Target target) {
    m_side = side;
    m_parts.clear();
    m_area.clear();
    m_target = target.whole();
    const cluster::Cluster* cluster = clusterOf(side);
    const auto part = cluster != nullptr ? partOf(*cluster, m_target) : std::nullopt;
    if (!part) {
        m_panel.setTarget({}, {});
        return;
    }
    QString name = QString::fromStdString(cluster::partName(*cluster, *part));
    name[0] = name[0].toUpper();
    m_panel.setTarget(name, injectionOffers(*cluster, *part));
}

void InjectionDesk::setArea(Side side, const std::vector<cluster::Range>& gpus) {
    const cluster::Cluster* cluster = clusterOf(side);
    const auto same = [](const cluster::Range& a, const cluster::Range& b) {
        return a.first == b.first && a.count == b.count;
    };
    if (cluster == nullptr || (side == m_side && std::ranges::equal(gpus, m_area, same))) {
        return;
    }
    m_side = side;
    m_target = {};
    m_area = gpus;
    m_parts = cluster::coverOf(*cluster, gpus, kMostParts);
    const QString name = tr("%1 GPUs").arg(widgets::countText(cluster::countOf(gpus)));
    if (m_parts.empty()) {
        m_panel.setTarget(
            tr("%1: cut through more than %2 racks and trays, draw along them").arg(name).arg(kMostParts),
            {});
        return;
    }
    // What can be done to each of them.
    std::vector<widgets::InjectionOffer> offers = injectionOffers(*cluster, m_parts.front());
    for (const cluster::Part& part : m_parts) {
        const auto here = injectionOffers(*cluster, part);
        std::erase_if(offers, [&here](const widgets::InjectionOffer& offer) {
            return std::ranges::none_of(
                here, [&offer](const widgets::InjectionOffer& each) { return each.id == offer.id; });
        });
    }
    m_panel.setTarget(name, offers);
}

void InjectionDesk::showList(double timeS) {
    if (const auto workspace = m_session.workspace()) {
        m_panel.setItems(injectionItems(*workspace, timeS));
    }
}

void InjectionDesk::addTo(QMenu& menu, Side side, scenes::Target target) {
    const cluster::Cluster* cluster = clusterOf(side);
    const auto part = cluster != nullptr ? partOf(*cluster, target.whole()) : std::nullopt;
    if (!part) {
        return;
    }
    int number = 0;
    for (const widgets::InjectionOffer& offer : injectionOffers(*cluster, *part)) {
        QAction* action = menu.addAction(QStringLiteral("&%1  %2").arg(++number).arg(offer.label), this,
                                         [this, side, target, id = offer.id] { inject(side, target, id); });
        action->setObjectName(QStringLiteral("inject-") + offer.id);
        action->setToolTip(offer.tip);
    }
}

void InjectionDesk::popUp(QPoint globalPosition, QWidget* parent) {
    auto* menu = new QMenu(parent);
    menu->setObjectName(QStringLiteral("injectMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addTo(*menu, m_side, m_target);
    if (menu->isEmpty()) {
        menu->addAction(tr("Nothing can be done to this"))->setEnabled(false);
    }
    menu->popup(globalPosition);
}

void InjectionDesk::inject(Side side, scenes::Target target, const QString& offer) {
    const cluster::Cluster* cluster = clusterOf(side);
    const auto part = cluster != nullptr ? partOf(*cluster, target.whole()) : std::nullopt;
    if (!part) {
        return;
    }
    m_session.inject({injectionOf(side, *part, offer)}, *cluster);
}

void InjectionDesk::injectArea(const QString& offer) {
    if (const cluster::Cluster* cluster = clusterOf(m_side)) {
        std::vector<scenario::Injection> injections;
        for (const cluster::Part& part : m_parts) {
            injections.push_back(injectionOf(m_side, part, offer));
        }
        m_session.inject(injections, *cluster);
    }
}

scenario::Injection InjectionDesk::injectionOf(Side side, cluster::Part part, const QString& offer) const {
    const cluster::Cluster& cluster = *clusterOf(side);
    scenario::Injection injection;
    injection.atS = m_playback.timeS(side);
    injection.cluster = cluster.id;
    injection.what = injectionKind(offer);
    injection.target = cluster::partName(cluster, part);
    injection.magnitude = m_panel.share();
    injection.durationS = m_panel.lastsS();
    return injection;
}

void InjectionDesk::jump(int item) {
    const scenario::Injection& injection =
        m_session.scenario()->operations.injections[static_cast<std::size_t>(item)];
    for (const Side side : kSides) {
        const cluster::Cluster* cluster = clusterOf(side);
        if (cluster == nullptr || cluster->id != injection.cluster) {
            continue;
        }
        const auto part = cluster::parsePart(*cluster, injection.target);
        emit jumpRequested(side, part ? targetOf(*cluster, *part) : scenes::Target{}, injection.atS);
        return;
    }
    m_playback.seek(injection.atS); // on neither pane: at least its instant
}

} // namespace atlas::app
