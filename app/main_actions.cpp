#include "app/main_actions.h"

#include "app/pages/page_catalogue.h"
#include "app/scenario_lists.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>
#include <QWidget>

#include <initializer_list>

namespace atlas::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("MainActions", text);
}

QAction* make(QWidget& window, const QString& name, const char* text,
              std::initializer_list<QKeySequence> shortcuts = {}) {
    auto* action = new QAction(tr(text), &window);
    action->setObjectName(name);
    // A standard key may be one that is named here too, or none at all, by platform; twice the same is
    // ambiguous.
    QList<QKeySequence> distinct;
    for (const QKeySequence& shortcut : shortcuts) {
        if (!shortcut.isEmpty() && !distinct.contains(shortcut)) {
            distinct << shortcut;
        }
    }
    action->setShortcuts(distinct);
    window.addAction(action); // shortcuts work although the menus are closed
    return action;
}

QAction* makeToggle(QWidget& window, const QString& name, const char* text,
                    std::initializer_list<QKeySequence> shortcuts = {}) {
    QAction* action = make(window, name, text, shortcuts);
    action->setCheckable(true);
    return action;
}

void exclusive(QWidget& window, std::initializer_list<QAction*> actions) {
    auto* group = new QActionGroup(&window);
    for (QAction* action : actions) {
        group->addAction(action);
    }
}

QKeySequence key(const char* text) {
    return QKeySequence(QString::fromLatin1(text));
}

/// Alt+1 for the live panes, Alt+2 and on for the pages.
std::vector<QAction*> pageActions(QWidget& window) {
    std::vector<QAction*> actions;
    auto* group = new QActionGroup(&window);
    const auto add = [&](const QString& id, const QString& title) {
        const auto number = static_cast<int>(actions.size()) + 1;
        QAction* action = makeToggle(window, QStringLiteral("page-") + (id.isEmpty() ? "live" : id), "",
                                     {QKeySequence(QStringLiteral("Alt+%1").arg(number))});
        action->setText(title);
        action->setData(id);
        group->addAction(action);
        actions.push_back(action);
    };
    add({}, tr("Live"));
    for (const PageSpec& spec : pageSpecs()) {
        add(spec.id, spec.title);
    }
    return actions;
}

/// Keys 1, 2, 3 and on.
std::vector<QAction*> colouringActions(QWidget& window) {
    std::vector<QAction*> actions;
    auto* group = new QActionGroup(&window);
    for (const ColouringChoice& choice : colourings()) {
        QAction* action = makeToggle(window, QStringLiteral("colour-") + QLatin1String(choice.id), "",
                                     {QKeySequence(QString::number(actions.size() + 1))});
        action->setText(tr("Colour by %1").arg(choice.name));
        action->setData(QLatin1String(choice.id));
        group->addAction(action);
        actions.push_back(action);
    }
    return actions;
}

/// The views that are kept, by their numbers.
std::vector<QAction*> viewActions(QWidget& window) {
    constexpr int kNumbers = 9;
    std::vector<QAction*> actions;
    for (int number = 1; number <= kNumbers; ++number) {
        actions.push_back(make(window, QStringLiteral("view%1").arg(number), "",
                               {QKeySequence(QStringLiteral("Ctrl+Shift+%1").arg(number))}));
    }
    return actions;
}

} // namespace

MainActions::MainActions(QWidget& window)
    : pages(pageActions(window))
    , colourings(colouringActions(window))
    , open(make(window, QStringLiteral("open"), "&Open scenario…", {QKeySequence::Open}))
    , reload(make(window, QStringLiteral("reload"), "&Reload scenario", {key("F5")}))
    , save(make(window, QStringLiteral("save"), "&Save scenario", {QKeySequence::Save}))
    , saveAs(make(window, QStringLiteral("saveAs"), "Save scenario &as…"))
    , copyCommandLine(
          make(window, QStringLiteral("copyCommandLine"), "&Copy as command line", {key("Ctrl+Shift+C")}))
    , exportReport(
          make(window, QStringLiteral("exportReport"), "Export &report (PDF)…", {key("Ctrl+Shift+E")}))
    , exportTable(make(window, QStringLiteral("exportTable"), "Export strategies &table…"))
    , exportScene(make(window, QStringLiteral("exportScene"), "Export &scene (PNG)…", {key("Ctrl+Shift+S")}))
    , exportSceneAs(make(window, QStringLiteral("exportSceneAs"), "Export scene at any s&ize…"))
    , exportTrace(make(window, QStringLiteral("exportTrace"), "Export step as &trace (JSON)…"))
    , exportAll(make(window, QStringLiteral("exportAll"), "&Export everything to a folder…", {key("Ctrl+E")}))
    , assumptions(make(window, QStringLiteral("assumptions"), "&Assumptions and sources…", {key("Ctrl+I")}))
    , quit(make(window, QStringLiteral("quit"), "&Quit", {QKeySequence::Quit, key("Ctrl+Q")}))
    , undo(make(window, QStringLiteral("undo"), "&Undo", {QKeySequence::Undo}))
    , redo(make(window, QStringLiteral("redo"), "&Redo", {QKeySequence::Redo, key("Ctrl+Shift+Z")}))
    , inject(make(window, QStringLiteral("inject"), "&Do something to what is selected…", {key("I")}))
    , floorplan(makeToggle(window, QStringLiteral("floorplan"), "&Floorplan", {key("Ctrl+1")}))
    , fabric(makeToggle(window, QStringLiteral("fabric"), "F&abric", {key("Ctrl+2")}))
    , stepTimeline(makeToggle(window, QStringLiteral("stepTimeline"), "Step &timeline", {key("Ctrl+3")}))
    , orbit(makeToggle(window, QStringLiteral("orbit"), "&Orbit", {key("Ctrl+4")}))
    , matrix(makeToggle(window, QStringLiteral("matrix"), "Fabric as a &matrix", {key("Ctrl+5")}))
    , fit(make(window, QStringLiteral("fit"), "Fit both &panes", {key("Shift+F")}))
    , cycleLink(make(window, QStringLiteral("cycleLink"), "Change camera &link", {key("Ctrl+L")}))
    , difference(makeToggle(window, QStringLiteral("difference"), "D&ifference: B minus A", {key("D")}))
    , maximiseA(makeToggle(window, QStringLiteral("maximiseA"), "Only pane A", {key("Ctrl+Alt+1")}))
    , maximiseB(makeToggle(window, QStringLiteral("maximiseB"), "Only pane B", {key("Ctrl+Alt+2")}))
    , darkTheme(makeToggle(window, QStringLiteral("darkTheme"), "&Dark theme", {key("Ctrl+Alt+D")}))
    , lightTheme(makeToggle(window, QStringLiteral("lightTheme"), "&Light theme", {key("Ctrl+Alt+L")}))
    , showScenario(makeToggle(window, QStringLiteral("showScenario"), "Show s&cenario panel", {key("F7")}))
    , showInspector(
          makeToggle(window, QStringLiteral("showInspector"), "Show &inspector and levers", {key("F8")}))
    , showCharts(makeToggle(window, QStringLiteral("showCharts"), "Show c&harts", {key("F9")}))
    , resetLayout(make(window, QStringLiteral("resetLayout"), "Rese&t layout"))
    , fullScreen(makeToggle(window, QStringLiteral("fullScreen"), "F&ull screen", {key("F11")}))
    , play(make(window, QStringLiteral("play"), "&Play or pause", {key("Space"), key("K")}))
    , nextStep(make(window, QStringLiteral("nextStep"), "&Next step", {key(".")}))
    , previousStep(make(window, QStringLiteral("previousStep"), "Pre&vious step", {key(",")}))
    , faster(make(window, QStringLiteral("faster"), "&Faster", {key("L")}))
    , slower(make(window, QStringLiteral("slower"), "&Slower", {key("J")}))
    , previousStop(make(window, QStringLiteral("previousStop"), "To the interruption be&fore", {key("[")}))
    , nextStop(make(window, QStringLiteral("nextStop"), "To the ne&xt interruption", {key("]")}))
    , toStart(make(window, QStringLiteral("toStart"), "To the &beginning", {key("Home")}))
    , toEnd(make(window, QStringLiteral("toEnd"), "To the &end", {key("End")}))
    , ownClocks(makeToggle(window, QStringLiteral("ownClocks"), "A &clock for each pane", {key("C")}))
    , otherClock(make(window, QStringLiteral("otherClock"), "Take the other pane's cl&ock in hand",
                      {key("Shift+C")}))
    , slowMotion(make(window, QStringLiteral("slowMotion"), "Slow &motion inside a step", {key("S")}))
    , planA(make(window, QStringLiteral("planA"), "Parallel plan of &A", {key("P")}))
    , planB(make(window, QStringLiteral("planB"), "Parallel plan of &B", {key("Shift+P")}))
    , scaling(make(window, QStringLiteral("scaling"), "&Scaling to a million GPUs"))
    , find(make(window, QStringLiteral("find"), "&Go to a place…", {QKeySequence::Find}))
    , keepView(make(window, QStringLiteral("keepView"), "&Keep this view…", {key("Ctrl+B")}))
    , forgetView(make(window, QStringLiteral("forgetView"), "&Give up the view last shown"))
    , nextView(make(window, QStringLiteral("nextView"), "&Next view", {key("PgDown")}))
    , previousView(make(window, QStringLiteral("previousView"), "&Previous view", {key("PgUp")}))
    , views(viewActions(window))
    , reducedMotion(makeToggle(window, QStringLiteral("reducedMotion"), "Reduced &motion"))
    , performance(makeToggle(window, QStringLiteral("performance"), "Show &performance", {key("F12")}))
    , palette(make(window, QStringLiteral("palette"), "&Find any command…", {key("Ctrl+K")}))
    , shortcuts(make(window, QStringLiteral("shortcuts"), "&Keyboard shortcuts…", {key("F1")}))
    , about(make(window, QStringLiteral("about"), "&About Colossus Atlas…")) {
    exclusive(window, {floorplan, fabric, stepTimeline, orbit, matrix});
    exclusive(window, {darkTheme, lightTheme});
    about->setMenuRole(QAction::AboutRole);
    quit->setMenuRole(QAction::QuitRole);
}

std::vector<MainActions::Group> MainActions::groups() const {
    std::vector<QAction*> shown = pages;
    shown.insert(shown.end(), {nullptr, planA, planB, scaling});
    std::vector<QAction*> viewed = {floorplan, fabric, matrix, stepTimeline, orbit, nullptr};
    viewed.insert(viewed.end(), colourings.begin(), colourings.end());
    viewed.insert(viewed.end(), {nullptr, fit, cycleLink, difference, maximiseA, maximiseB, nullptr,
                                 darkTheme, lightTheme, nullptr, showScenario, showInspector, showCharts,
                                 resetLayout, fullScreen, nullptr, reducedMotion, performance});
    std::vector<QAction*> kept = {find, nullptr, keepView, forgetView, nextView, previousView, nullptr};
    kept.insert(kept.end(), views.begin(), views.end());
    return {
        {tr("&File"),
         {open, reload, save, saveAs, nullptr, exportAll, exportReport, exportTable, exportScene,
          exportSceneAs, exportTrace, nullptr, copyCommandLine, quit}},
        {tr("&Edit"), {undo, redo, nullptr, inject, nullptr, assumptions}},
        {tr("&Pages"), shown},
        {tr("&View"), viewed},
        {tr("&Go"), kept},
        {tr("&Time"),
         {play, previousStep, nextStep, previousStop, nextStop, nullptr, slowMotion, slower, faster, nullptr,
          toStart, toEnd, nullptr, ownClocks, otherClock}},
        {tr("&Help"), {palette, shortcuts, nullptr, about}},
    };
}

void MainActions::fill(QMenuBar& bar) const {
    for (const Group& group : groups()) {
        QMenu* menu = bar.addMenu(group.title);
        for (QAction* action : group.actions) {
            if (action == nullptr) {
                menu->addSeparator();
            } else {
                menu->addAction(action);
            }
        }
    }
}

std::vector<QAction*> MainActions::all() const {
    std::vector<QAction*> list;
    for (const Group& group : groups()) {
        for (QAction* action : group.actions) {
            if (action != nullptr) {
                list.push_back(action);
            }
        }
    }
    return list;
}

} // namespace atlas::app
