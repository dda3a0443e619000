// Quantities as people write them ("400 Gbit/s", "$1.25B/month", "300 MW") and SI doubles inside.
#pragma once

#include "model/core/result.h"

#include <string>
#include <string_view>

namespace atlas::units {

/// What a number measures. The SI unit inside is in brackets.
enum class Dimension {
    Number,              ///< dimensionless count or ratio [1]; accepts "75 %", "1.5k", "165,000"
    Bytes,               ///< [B]
    BytesPerSecond,      ///< [B/s]; accepts "400 Gbit/s", "450 GB/s", "102 Tbit/s"
    FlopPerSecond,       ///< [FLOP/s]
    Flop,                ///< [FLOP]; accepts "5e26 FLOP", "1 exaFLOP-day"
    Seconds,             ///< [s]; accepts "2 us", "10 min", "90 d", "3 months", "5 years"
    Watts,               ///< [W]
    Joules,              ///< [J]; accepts "3.9 MWh"
    Metres,              ///< [m]
    Kilograms,           ///< [kg]
    Kelvin,              ///< [K]; accepts "45 degC"
    Usd,                 ///< [USD]; accepts "$1.25B", "1.25e9 USD"
    UsdPerMonth,         ///< [USD/month]; accepts "$1.25B/month", "$15B/year"
    UsdPerGpuHour,       ///< [USD/GPU-hour]
    UsdPerJoule,         ///< [USD/J]; accepts "0.062 USD/kWh"
    Tokens,              ///< [tokens]; accepts "15 T tokens", "32 M tokens"
    TokensPerSecond,     ///< [tokens/s]
    PerSecond,           ///< [1/s]; accepts "6.5 per 1000 node-days" as written in the record
    Years,               ///< [years], for ages
    PerYear,             ///< [1/year], shares of something a year; accepts "4 %/year", "0.3 per year"
    UsdPerWatt,          ///< [USD/W]; accepts "$13.8M/MW", "13.8 USD/W"
    UsdPerYear,          ///< [USD/year], a salary; accepts "180,000 USD/year"
    StaffPerMegawatt,    ///< [FTE/MW]
    WattsPerSquareMetre, ///< [W/m2]
    WattsPerKilogram,    ///< [W/kg], specific power
    KilogramsPerWatt,    ///< [kg/W]; accepts "40 kg/kW"
    JoulesPerKilogram,   ///< [J/kg]; accepts "150 Wh/kg"
    UsdPerKilogram,      ///< [USD/kg], of a launch
};

/// How many dimensions there are, for tables indexed by them.
inline constexpr int kDimensionCount = static_cast<int>(Dimension::UsdPerKilogram) + 1;

/// Parses a number with a unit of the given dimension. A bare number is taken in the SI unit only where the
/// dimension is Number; anywhere else a missing or foreign unit is an error that names the accepted units.
[[nodiscard]] Result<double> parseQuantity(std::string_view text, Dimension dimension);

/// The factor from a unit such as "GB/s" or "USD per MW" to the SI unit of the dimension. `text` may carry a
/// comment after the unit, as the record does ("GB/s per GPU per direction"): the longest unit that starts it
/// counts, and the rest must begin at a word's border. Errors name the accepted units.
[[nodiscard]] Result<double> unitFactor(std::string_view text, Dimension dimension);

/// True if `text` begins with a unit of any dimension but Number: "GB/s per GPU" does, "fraction of peak"
/// does not.
[[nodiscard]] bool startsWithPhysicalUnit(std::string_view text);

/// Three significant digits, SI prefix, unit, for people: "50 GB/s", "$1.25B/month", "14 min", "2.1 years".
/// Whole counts keep all their digits, in groups of three ("220,000"). Every number on screen goes through
/// here, and parseQuantity reads the result back, equal within the rounding.
[[nodiscard]] std::string formatQuantity(double value, Dimension dimension);

/// A share as people read it: 0.753 is "75.3 %".
[[nodiscard]] std::string formatShare(double share);

/// Examples of what parseQuantity accepts, for messages and the schema: "400 Gbit/s, 50 GB/s".
[[nodiscard]] std::string_view unitExamples(Dimension dimension);

/// A regular expression (ECMA 262) for what parseQuantity reads, for the schema and input fields. It is a
/// little wider than the parser, which also looks at the grouping of digits.
[[nodiscard]] std::string quantityPattern(Dimension dimension);

/// The unit's name as shown in error messages and the schema ("B/s").
[[nodiscard]] std::string_view unitName(Dimension dimension);

} // namespace atlas::units
