// Collects what the checks of a scenario find.
#pragma once

#include "model/scenario/scenario.h"

#include <algorithm>

namespace atlas::scenario {

struct Checker {
    CheckLimits limits;
    std::vector<Finding> findings;

    void error(std::string path, std::string message, std::string remedy);
    void warning(std::string path, std::string message, std::string remedy);
    void unknown(const std::string& path, std::string_view what, const std::string& id,
                 const std::vector<std::string>& known);

    /// An error unless one of `values` has the id. An empty id has been reported as missing, or is optional.
    template <class T>
    bool known(const std::string& path, std::string_view what, const std::string& id,
               const std::vector<T>& values) {
        if (id.empty() || std::ranges::find(values, id, &T::id) != values.end()) {
            return !id.empty();
        }
        std::vector<std::string> ids;
        for (const T& value : values) {
            ids.push_back(value.id);
        }
        unknown(path, what, id, ids);
        return false;
    }
};

/// Islands, their classes, counts, tranches and the trunks between them.
void checkCluster(const Scenario& scenario, const Cluster& cluster, Checker& check);
/// Injections into clusters that are there, causes that have a weight, and uptime worth the name.
void checkOperations(const Scenario& scenario, Checker& check);

/// Contracts, runs and financing: terms, dates and ids.
void checkMoney(const Scenario& scenario, Checker& check);

} // namespace atlas::scenario
