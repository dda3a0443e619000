#include "model/operations/lane_ranks.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace atlas::operations {

namespace {

using cluster::Index;
using cluster::kNone;

constexpr std::size_t kMostOfGroup = 24;  // lanes of the culprit's stage
constexpr std::size_t kMostStages = 64;   // lanes of its pipeline
constexpr std::size_t kMostOfReplica = 4; // of a replica beside it

/// `most` numbers of [0, count), evenly chosen, the ends among them.
std::vector<int> evenly(int count, std::size_t most) {
    std::vector<int> out;
    const int shown = std::min(count, static_cast<int>(most));
    for (int i = 0; i < shown; ++i) {
        out.push_back(shown < 2 ? 0 : static_cast<int>(std::lround(double(i) * (count - 1) / (shown - 1))));
    }
    return out;
}

class Chooser {
public:
    Chooser(const cluster::Cluster& cluster, const StepShape& shape)
        : m_cluster(cluster)
        , m_shape(shape) {}

    std::vector<RankSection> choose(Index culpritGpu, Index selected) {
        const training::Layout& layout = m_shape.anatomy.layout;
        const auto culprit = placeOf(m_cluster, m_shape, culpritGpu);
        if (!culprit) {
            return {};
        }
        const int tp = std::max(1, layout.tp);
        const int cp = std::max(1, layout.cp);
        const int pp = std::max(1, layout.pp);
        addGroup(*culprit, tp, cp);
        if (pp > 1) {
            addPipeline(*culprit, pp);
        }
        for (const MemberClass& each : m_shape.classes) {
            addReplicaOf(each, *culprit);
        }
        addSelected(selected);
        return std::move(m_out);
    }

private:
    void addSection(LaneSection section) { m_out.push_back({section, {}}); }
    void addRank(Index gpu) { m_out.back().gpus.push_back(gpu); }

    /// The culprit's own tensor-parallel group, then its place in the others of its context-parallel group.
    void addGroup(const RankPlace& culprit, int tp, int cp) {
        addSection({SectionKind::CulpritTensor, culprit.gpuClass, culprit.replica,
                    static_cast<std::uint64_t>(tp) * static_cast<std::uint64_t>(cp)});
        addRank(gpuAt(m_shape, culprit));
        std::size_t left = kMostOfGroup - 1;
        for (int t = 0; t < tp && left > 0; ++t) {
            if (t != culprit.tensor) {
                RankPlace place = culprit;
                place.tensor = t;
                addRank(gpuAt(m_shape, place));
                --left;
            }
        }
        for (int c = 0; c < cp && left > 0; ++c) {
            if (c != culprit.context) {
                RankPlace place = culprit;
                place.context = c;
                addRank(gpuAt(m_shape, place));
                --left;
            }
        }
    }

    void addPipeline(const RankPlace& culprit, int pp) {
        addSection({SectionKind::CulpritPipeline, culprit.gpuClass, culprit.replica,
                    static_cast<std::uint64_t>(pp)});
        std::vector<int> stages = evenly(pp, kMostStages);
        if (std::ranges::find(stages, culprit.stage) == stages.end()) {
            stages.insert(std::ranges::upper_bound(stages, culprit.stage), culprit.stage);
        }
        for (const int stage : stages) {
            RankPlace place = culprit;
            place.stage = stage;
            addRank(gpuAt(m_shape, place));
        }
    }

    /// A replica in the middle of a class, and not the culprit's.
    void addReplicaOf(const MemberClass& each, const RankPlace& culprit) {
        const auto first = placeOf(m_cluster, m_shape, each.gpuOf(each.count() / 2));
        if (!first) {
            return;
        }
        RankPlace place{first->gpuClass, first->replica, first->stage, 0, 0};
        if (place.replica == culprit.replica) {
            place.replica += 1;
            if (gpuAt(m_shape, place) == kNone) {
                place.replica -= 2;
            }
        }
        if (gpuAt(m_shape, place) == kNone) {
            return; // the class has one replica only
        }
        addSection(
            {SectionKind::Replica, place.gpuClass, place.replica, static_cast<std::uint64_t>(each.stages)});
        for (const int stage : evenly(each.stages, kMostOfReplica)) {
            place.stage = each.firstStage + stage;
            addRank(gpuAt(m_shape, place));
        }
    }

    void addSelected(Index gpu) {
        const bool there = gpu == kNone || std::ranges::any_of(m_out, [gpu](const RankSection& section) {
                               return std::ranges::find(section.gpus, gpu) != section.gpus.end();
                           });
        const auto place = there ? std::nullopt : placeOf(m_cluster, m_shape, gpu);
        if (place) {
            addSection({SectionKind::Selected, place->gpuClass, place->replica, 1});
            addRank(gpu);
        }
    }

    const cluster::Cluster& m_cluster;
    const StepShape& m_shape;
    std::vector<RankSection> m_out;
};

} // namespace

std::vector<RankSection> chooseRanks(const cluster::Cluster& cluster, const StepShape& shape, Index culprit,
                                     Index selected) {
    return Chooser(cluster, shape).choose(culprit, selected);
}

} // namespace atlas::operations
