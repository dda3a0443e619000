// What the colour of a GPU means: its state, its class, or a quantity on a scale that is the same in every
// pane.
#pragma once

#include "model/operations/gpu_conditions.h"
#include "scenes/theme.h"

#include <QString>

#include <memory>

namespace atlas::scenes {

enum class ColourBy : std::uint8_t {
    State,
    Utilisation,
    StallShare,  ///< of the GPUs of a rack, those that stand still
    Temperature, ///< of the GPU's core, degrees Celsius
    Power,       ///< of the board, watts
    Class,
    DollarsLost, ///< market rent of GPUs that stand still, USD an hour and GPU
};

/// Utilisation, stall share, temperature, power, dollars: drawn on the sequential ramp.
[[nodiscard]] constexpr bool isQuantity(ColourBy by) {
    return by != ColourBy::State && by != ColourBy::Class;
}
/// All or nothing for a single GPU: racks show their mean until single GPUs are large enough to be told
/// apart.
[[nodiscard]] constexpr bool isShareOfMany(ColourBy by) {
    return by == ColourBy::StallShare || by == ColourBy::DollarsLost;
}

/// A choice with what it takes to answer it.
struct Colouring {
    ColourBy by = ColourBy::State;
    std::shared_ptr<const operations::GpuConditions> conditions;

    Colouring(ColourBy what = ColourBy::State, // NOLINT: a choice alone says enough for most
              std::shared_ptr<const operations::GpuConditions> with = {})
        : by(what)
        , conditions(std::move(with)) {}

    /// Of one GPU, in the quantity's unit; NaN where it is not known. Precondition: isQuantity(by).
    [[nodiscard]] double quantity(std::size_t gpuClass, operations::GpuState state, double utilisation) const;
    /// Ends of the scale, in the quantity's unit; NaN where they are not known.
    struct Scale {
        double low = 0, high = 1;
        [[nodiscard]] double share(double quantity) const { return (quantity - low) / (high - low); }
    };
    [[nodiscard]] Scale scale() const;
    /// "62 °C", "$1.20 an hour".
    [[nodiscard]] QString text(double quantity) const;
    /// What the scale is of: "temperature of the GPU".
    [[nodiscard]] QString title() const;
};

/// Where every pair of state and utilisation lies on the ramp, by class: made once, looked up per GPU.
struct RampTable {
    static constexpr std::size_t kSize = operations::kStateCount * 256;
    std::vector<std::array<std::uint8_t, kSize>> share; ///< [class][state * 256 + utilisation], 0..255
    std::vector<std::array<bool, operations::kStateCount>> known; ///< [class][state]
};
[[nodiscard]] RampTable rampTable(const Colouring& colouring, std::size_t classes);

} // namespace atlas::scenes
