// Every command of the window as a QAction: menus, shortcuts and the palette all list the same ones.
#pragma once

#include <QAction>
#include <QObject>

#include <vector>

class QMenuBar;
class QWidget;

namespace atlas::app {

struct MainActions {
    explicit MainActions(QWidget& window);

    std::vector<QAction*> pages;      ///< the live panes, then every page; data(): its id, empty for live
    std::vector<QAction*> colourings; ///< in the order of colourings(); data(): its id

    QAction* open;
    QAction* reload;
    QAction* save;
    QAction* saveAs;
    QAction* copyCommandLine;
    QAction* exportReport;
    QAction* exportTable;
    QAction* exportScene;
    QAction* exportSceneAs;
    QAction* exportTrace;
    QAction* exportAll;
    QAction* assumptions;
    QAction* quit;

    QAction* undo;
    QAction* redo;
    QAction* inject;

    QAction* floorplan;
    QAction* fabric;
    QAction* stepTimeline;
    QAction* orbit;
    QAction* matrix;
    QAction* fit;
    QAction* cycleLink;
    QAction* difference;
    QAction* maximiseA;
    QAction* maximiseB;
    QAction* darkTheme;
    QAction* lightTheme;
    QAction* showScenario;
    QAction* showInspector;
    QAction* showCharts;
    QAction* resetLayout;
    QAction* fullScreen;

    QAction* play;
    QAction* nextStep;
    QAction* previousStep;
    QAction* faster;
    QAction* slower;
    QAction* previousStop;
    QAction* nextStop;
    QAction* toStart;
    QAction* toEnd;
    QAction* ownClocks;
    QAction* otherClock;
    QAction* slowMotion;

    QAction* planA;
    QAction* planB;
    QAction* scaling;

    QAction* find;
    QAction* keepView;
    QAction* forgetView;
    QAction* nextView;
    QAction* previousView;
    std::vector<QAction*> views; ///< the first nine that are kept; hidden where there is none
    QAction* reducedMotion;
    QAction* performance;

    QAction* palette;
    QAction* shortcuts;
    QAction* about;

    /// Fills a menu bar with all of them.
    void fill(QMenuBar& bar) const;
    /// In the order of the menus, for the palette.
    [[nodiscard]] std::vector<QAction*> all() const;

private:
    struct Group {
        QString title;
        std::vector<QAction*> actions; ///< null: a separator
    };
    [[nodiscard]] std::vector<Group> groups() const;
};

} // namespace atlas::app
