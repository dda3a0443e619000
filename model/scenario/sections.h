// The sections of a scenario file, one function each: what keys there are, what they mean, their units,
// bounds and defaults. Everything about the format is in these functions (sections_*.cpp).
#pragma once

#include "model/scenario/fields.h"

namespace atlas::scenario {

/// The whole file.
void describe(Fields& fields, Scenario& scenario);

// Parts of the catalogue, also read from resources/catalog/*.yaml.
void describeGpus(Fields& fields, Scenario& scenario);
void describeRacks(Fields& fields, Scenario& scenario);
void describeFabrics(Fields& fields, Scenario& scenario);
void describeModels(Fields& fields, Scenario& scenario);

void describe(Fields& fields, GpuClass& gpu);
void describe(Fields& fields, RackType& rack);
void describe(Fields& fields, FabricType& fabric);
void describe(Fields& fields, Transformer& model);
void describe(Fields& fields, OrbitalSite& site);
void describe(Fields& fields, Cluster& cluster);
void describe(Fields& fields, Island& island);
void describe(Fields& fields, Island::Tranche& tranche);
void describe(Fields& fields, Trunk& trunk);
void describe(Fields& fields, TrainJob& job);
void describe(Fields& fields, ServeJob& job);
void describe(Fields& fields, ServingEngine& engine);
void describe(Fields& fields, Contract& contract);
void describe(Fields& fields, Strategy& strategy);
void describe(Fields& fields, Assignment& assignment);
void describe(Fields& fields, Economics& economics);
void describe(Fields& fields, ModelRun& run);
void describe(Fields& fields, Financing& financing);
void describe(Fields& fields, Market& market);
void describe(Fields& fields, Comparable& comparable);
void describe(Fields& fields, Injection& injection);
void describe(Fields& fields, Operations& operations);
void describe(Fields& fields, Traffic& traffic);

// Words of the enums, in their order.
inline constexpr std::string_view kRoutingNames[] = {"adaptive", "ecmp"};
inline constexpr std::string_view kEclipseNames[] = {"battery", "pause"};
inline constexpr std::string_view kAttentionNames[] = {"mha", "gqa", "mla"};
inline constexpr std::string_view kPrecisionNames[] = {"bf16", "fp16", "fp8", "mxfp8", "nvfp4"};
inline constexpr std::string_view kRecomputeNames[] = {"auto", "none", "selective", "full", "layers"};
inline constexpr std::string_view kShardingNames[] = {"auto", "none", "optimizer", "fsdp"};
inline constexpr std::string_view kContractKindNames[] = {"monthly-fee", "per-gpu-hour", "revenue-share"};
inline constexpr std::string_view kMeasureNames[] = {"ebitda", "sales"};
inline constexpr std::string_view kPlacementNames[] = {"naive", "proportional", "class-stages", "local-sgd",
                                                       "drop-slowest"};
inline constexpr std::string_view kCheckpointModeNames[] = {"sync", "async"};
inline constexpr std::string_view kInjectionKindNames[] = {"slow-gpu",  "degrade-link", "cut-link",
                                                           "fail-gpu",  "fail-tray",    "fail-rack",
                                                           "fail-leaf", "hall-cooling", "power-cap"};
inline constexpr std::string_view kRequestRoutingNames[] = {"random", "least-loaded", "class-aware"};
inline constexpr std::string_view kActivityNames[] = {"train", "serve", "lease", "idle"};

} // namespace atlas::scenario
