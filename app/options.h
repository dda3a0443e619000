// The command line of the window.
#pragma once

#include "scenes/renderer_probe.h"
#include "scenes/theme.h"
#include "widgets/scene_pane.h"

#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

namespace atlas::app {

struct Options {
    QString file;                ///< empty: the default scenario
    QString screenshot;          ///< where to write the whole window, settled; empty: stay open
    std::optional<double> atS;   ///< simulated instant
    std::optional<double> atOfB; ///< of B, on a clock of its own; nothing: one clock
    QSize size;                  ///< of the window; invalid: as last time
    std::optional<widgets::PaneScene> scene;
    bool difference = false; ///< pane B as B minus A
    QString colouring;       ///< id of colourings(); empty: by state
    int panel = -1;          ///< tab of the right column; negative: the first
    QString page;            ///< id of a page; empty: the live panes
    std::optional<scenes::ThemeMode> theme;
    scenes::RendererWish renderer = scenes::RendererWish::Auto;
    bool timings = false;
};

/// Parses the arguments (without the program's name). On failure `error` says what is wrong; on --help and
/// --version `answer` is to be printed and the program ends.
struct ParsedOptions {
    Options options;
    QString error;
    QString answer;
};
[[nodiscard]] ParsedOptions parseOptions(const QStringList& arguments);

} // namespace atlas::app
