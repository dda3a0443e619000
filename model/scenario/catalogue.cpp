#include "model/scenario/catalogue.h"

#include "model/scenario/field_reader.h"
#include "model/scenario/sections.h"

namespace atlas::scenario {

namespace {

void readPart(const std::string& file, Scenario& into, void (*describe)(Fields&, Scenario&),
              Reading& reading) {
    const yaml::Limits limits;
    const auto text = yaml::readFile(file, limits.maxBytes);
    const auto root =
        text ? yaml::parse(*text, file, limits, reading.problems) : Result<yaml::NodePtr>(text.errors());
    if (!root) {
        reading.problems.insert(reading.problems.end(), root.errors().begin(), root.errors().end());
        return;
    }
    if ((*root)->kind != yaml::Kind::Mapping) {
        reading.error((*root)->place, "the file is not a mapping");
        return;
    }
    readMapping(**root, "", reading, [&](Fields& fields) { describe(fields, into); });
}

} // namespace

Result<Catalogue> loadCatalogue(const std::string& resourcesFolder) {
    const std::string folder = resourcesFolder + "/catalog/";
    auto facts = catalog::FactBook::load(folder + "facts");
    if (!facts) {
        return facts.errors();
    }
    Catalogue catalogue;
    catalogue.facts = std::make_shared<const catalog::FactBook>(std::move(*facts));
    Reading reading{*catalogue.facts, {}, {}, {}};
    Scenario parts;
    readPart(folder + "racks.yaml", parts, describeRacks, reading);
    readPart(folder + "fabrics.yaml", parts, describeFabrics, reading);
    readPart(folder + "gpus.yaml", parts, describeGpus, reading);
    readPart(folder + "models.yaml", parts, describeModels, reading);
    if (!reading.problems.empty()) {
        return reading.problems;
    }
    catalogue.gpus = std::move(parts.gpus);
    catalogue.racks = std::move(parts.racks);
    catalogue.fabrics = std::move(parts.fabrics);
    catalogue.models = std::move(parts.models);
    return catalogue;
}

} // namespace atlas::scenario
