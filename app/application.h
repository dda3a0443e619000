// Starts the window: options, renderer probe, theme, main window; or one screenshot and out.
#pragma once

namespace atlas::app {

/// Returns 0 done, 1 the input is wrong, 2 wrong usage.
int runApplication(int argc, char** argv);

} // namespace atlas::app
