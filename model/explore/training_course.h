// One training assignment over the months: the machine grows with its tranches, tokens add up until the model
// is trained.
#pragma once

#include "model/explore/layouts.h"

#include <optional>
#include <vector>

namespace atlas::explore {

struct TrainingCourse {
    struct Stretch { ///< months with one machine
        scenario::Month from;
        scenario::Month until;
        training::StepAnatomy anatomy;
        double goodput = 0; ///< share of time in kept steps
        /// Share of the machine that still works and has power, as its replicas do: 1 on the ground. In orbit
        /// nobody repairs, and without batteries work in step stands still in the weeks of eclipses.
        double alive = 1;
        [[nodiscard]] double tokensPerS() const { return anatomy.tokensPerS * goodput * alive; }
        [[nodiscard]] double flopPerS() const { return tokensPerS() * anatomy.modelFlopPerToken; }
    };
    const scenario::Assignment* assignment = nullptr;
    const scenario::TrainJob* job = nullptr;
    std::vector<Stretch> stretches; ///< never empty
    bool handedOver = false;        ///< its cluster is given other work before the horizon
    /// Months after the scenario's start until the job's tokens are read; beyond the horizon at the last
    /// rate. Empty where the cluster is given other work before that.
    std::optional<double> monthsToTrain;
    std::string note;       ///< why not
    std::size_t finish = 0; ///< index in stretches of the machine on which the job is finished; else the last

    /// The machine and step that stand for the course: those on which its model is finished.
    [[nodiscard]] const Stretch& telling() const { return stretches[finish]; }
};

/// Adds up the tokens of the stretches: when the job is done, and on which machine. The last stretch goes on
/// past the horizon unless the cluster is handed over before it.
void countTokens(TrainingCourse& course, const scenario::Scenario& scenario);

/// The course of an assignment with its own job. Errors: the job fits on none of the machines, ids that are
/// not there, the assignment never holds.
[[nodiscard]] Result<TrainingCourse> trainingCourse(const ModelInputs& inputs,
                                                    const scenario::Strategy& strategy,
                                                    const scenario::Assignment& assignment,
                                                    const Layouts& layouts, std::stop_token stop = {});

/// A job that follows on an assignment's cluster once others are done.
struct FollowingJob {
    enum class Reach { UntilDone, ToTheEnd };
    std::string job;
    double beginMonths = 0; ///< after the scenario's start
    Reach reach = Reach::UntilDone;
};

/// The course of a job that follows, on the machines from its beginning on until its tokens are read; what it
/// might do before (and after, where that is not asked for) is not looked at. Errors: as trainingCourse().
[[nodiscard]] Result<TrainingCourse> followingCourse(const ModelInputs& inputs,
                                                     const scenario::Strategy& strategy,
                                                     const scenario::Assignment& assignment,
                                                     const FollowingJob& following, const Layouts& layouts,
                                                     std::stop_token stop = {});

/// GPU-time of the step spent waiting for others (bubble, barrier, class mismatch) or without work, because
/// the layout leaves the GPU out, as a share of all GPUs of the machine.
[[nodiscard]] double waitingShare(const training::StepAnatomy& anatomy);
/// GPUs that the layout leaves without work.
[[nodiscard]] double idleGpus(const training::StepAnatomy& anatomy);

} // namespace atlas::explore
