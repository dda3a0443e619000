// The `atlas` command: the model without a window.
#pragma once

#include <iosfwd>

namespace atlas::cli {

/// Runs one command. Returns 0 done, 1 the input is wrong, 2 wrong usage, 3 cancelled.
int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

} // namespace atlas::cli
