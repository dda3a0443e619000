#include "model/scenario/path_walk.h"
#include "model/scenario/sections.h"

#include <set>

namespace atlas::scenario {

namespace {

using Visit = std::function<void(const std::string&, Sourced&, units::Dimension)>;

/// Visits sourced numbers; of the catalogue, those that an island uses; of the orbits, those that are flown.
class InputWalk final : public PathWalk {
public:
    InputWalk(const Scenario& scenario, const Visit& visit)
        : m_visit(visit) {
        for (const Cluster& cluster : scenario.clusters) {
            m_used.insert("orbits." + cluster.orbit);
            for (const Island& island : cluster.islands) {
                m_used.insert("gpus." + island.gpu);
                m_used.insert("fabrics." + island.fabric);
            }
        }
    }
    void quantity(std::string_view key, Sourced& value, const QuantityField& field) override {
        m_visit(pathOf(key), value, field.dimension);
    }

protected:
    [[nodiscard]] bool enters(const std::string& id) const override {
        return (path() != "gpus" && path() != "fabrics" && path() != "orbits") ||
               m_used.contains(path() + "." + id);
    }

private:
    const Visit& m_visit;
    std::set<std::string, std::less<>> m_used;
};

} // namespace

void visitInputs(Scenario& scenario, const Visit& visit) {
    InputWalk walk(scenario, visit);
    describe(walk, scenario);
}

void visitInputs(const Scenario& scenario,
                 const std::function<void(const std::string&, const Sourced&, units::Dimension)>& visit) {
    // A walk only hands the numbers on; the visitor sees them as constants.
    auto& same = const_cast<Scenario&>(scenario);
    visitInputs(same, Visit([&visit](const std::string& path, Sourced& number, units::Dimension dimension) {
                    visit(path, number, dimension);
                }));
}

} // namespace atlas::scenario
