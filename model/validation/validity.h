// Whether a result lies within what the model has been checked against, and in words how far outside it is.
// The one place that says so: tables, captions, exports and the command line repeat its words.
#pragma once

#include "model/training/work.h"
#include "model/validation/validated_range.h"

#include <string>
#include <string_view>
#include <vector>

namespace atlas::validation {

/// What a result claims to know about: one training job.
struct Claim {
    struct Class {
        std::string gpu;
        training::MathWidth width = training::MathWidth::Bits16; ///< it computes in
        double gpus = 0;
    };
    std::vector<Class> classes; ///< of GPUs that take part
    bool moe = false;
    double params = 0;   ///< all of the model; 0: not known
    double sequence = 0; ///< tokens; 0: not known
    [[nodiscard]] double gpus() const;
};

/// A job's claim on the machine it is given: the pools its placement uses, each in the format it computes in.
[[nodiscard]] Claim claimOf(const training::Setup& setup);

/// What a claim can be outside of.
enum class Axis { Size, Class, Precision, Mix, ModelSize, Sequence };

/// One way in which a claim lies outside.
struct Excess {
    Axis axis = Axis::Size;
    double factor = 0; ///< over the largest validated; 0 where nothing like it was validated at all
    std::string words; ///< "550,000 GPUs is 239 times the largest validated run"
};

/// Size first, then hardware, then the model.
struct Validity {
    std::vector<Excess> excesses;
    [[nodiscard]] bool inside() const { return excesses.empty(); }
    /// The first excess; empty inside.
    [[nodiscard]] std::string words() const;
    /// All of them, parted by semicolons; empty inside.
    [[nodiscard]] std::string allWords() const;
};

[[nodiscard]] Validity assess(const Claim& claim, const ValidatedRange& range = ValidatedRange::training());

/// A training job on the GPUs that a cluster has in a month. Nothing to say where the two make no job.
[[nodiscard]] Validity assessTraining(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                      const scenario::TrainJob& job, scenario::Placement placement,
                                      scenario::Month month);

/// A model served by a cluster, against the published serving rates: classes, number formats, the size of the
/// model. How many GPUs serve does not matter: replicas do not wait for one another.
[[nodiscard]] Validity assessServing(const scenario::Scenario& scenario, const scenario::Cluster& cluster,
                                     const scenario::ServeJob& job, scenario::Month month);

/// Beside a number from outside the range, wherever it stands.
inline constexpr std::string_view kMark = "\u2021"; // double dagger

} // namespace atlas::validation
