// The `atlas` program as a test runs it: arguments in, exit status and both streams out.
#pragma once

#include "app/cli/cli.h"

#include <sstream>
#include <string>
#include <vector>

namespace atlas::test {

struct Run {
    int status = 0;
    std::string out;
    std::string err;
};

/// `atlas` with these arguments, in this process.
inline Run atlasWith(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "atlas");
    std::vector<const char*> argv;
    for (const std::string& argument : arguments) {
        argv.push_back(argument.c_str());
    }
    std::ostringstream out;
    std::ostringstream err;
    const int status = cli::run(static_cast<int>(argv.size()), argv.data(), out, err);
    return {status, out.str(), err.str()};
}

} // namespace atlas::test
