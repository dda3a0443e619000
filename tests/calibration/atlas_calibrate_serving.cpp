// atlas-calibrate-serving: fits the constants of the serving model to published rates and cross-validates
// them.
//
//   atlas-calibrate-serving POINTS.csv RATIOS.csv CONSTANTS.yaml ERRORS.csv [--dry-run]
//
// Every group of points (a source, a model and a generation) is left out once; these fits know nothing of
// where the fit on all points ended. Rewrites the two last files with the same bytes whenever it is run on
// the same points and ranges.
#include "serving_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

using namespace atlas;
using validation::ServingPoint;

namespace {

std::string readText(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Of the fits that leave a group out: from the middle of all ranges.
constexpr calibration::Search kFoldSearch{0, 0};

std::string digits(const char* format, double value) {
    char buffer[48];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

void print(const char* label, std::vector<double> logErrors) {
    for (double& e : logErrors) {
        e = std::abs(std::expm1(e));
    }
    std::ranges::sort(logErrors);
    const std::size_t n = logErrors.size();
    std::printf("%-16s points %zu  median %4.1f %%  p90 %4.1f %%  worst %5.1f %%\n", label, n,
                100 * logErrors[n / 2], 100 * logErrors[std::min(n - 1, n * 9 / 10)], 100 * logErrors.back());
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool dry = arguments.size() == 5 && arguments[4] == "--dry-run";
    if (arguments.size() != 4 && !dry) {
        std::fputs(
            "usage: atlas-calibrate-serving POINTS.csv RATIOS.csv CONSTANTS.yaml ERRORS.csv [--dry-run]\n",
            stderr);
        return 2;
    }
    const auto rows = validation::readRuns(arguments[0]);
    const auto ratioRows = validation::readRuns(arguments[1]);
    const std::string yaml = readText(arguments[2]);
    const auto start = serving::parseConstants(yaml);
    if (!rows || !ratioRows || !start) {
        std::fputs(text(!rows        ? rows.errors()
                        : !ratioRows ? ratioRows.errors()
                                     : start.errors())
                       .c_str(),
                   stderr);
        return 1;
    }
    std::vector<ServingPoint> all;
    for (const auto& row : *rows) {
        auto point = validation::servingPointOf(row);
        if (!point) {
            std::fputs(text(point.errors()).c_str(), stderr);
            return 1;
        }
        if (!point->assumed) {
            all.push_back(std::move(*point));
        }
    }
    std::vector<const ServingPoint*> points;
    std::set<std::string> groups;
    for (const ServingPoint& point : all) {
        points.push_back(&point);
        groups.insert(point.group);
    }
    const auto ratios = validation::servingRatiosOf(*ratioRows);
    const auto best = calibration::fitServing(points, ratios, *start);
    auto shown = best;
    serving::visitConstants(shown, [](std::string_view key, const catalog::Sourced& n) {
        if (calibration::isFitted(n)) {
            std::printf("%-28s %10.4g  in %g .. %g%s\n", std::string(key).c_str(), n.value, n.low, n.high,
                        n.value <= n.low || n.value >= n.high ? "  at the end of its range" : "");
        }
    });
    std::map<const ServingPoint*, double> leftOut;
    for (const std::string& group : groups) {
        std::vector<const ServingPoint*> rest;
        std::ranges::copy_if(points, std::back_inserter(rest),
                             [&](const ServingPoint* p) { return p->group != group; });
        const auto without = calibration::fitServing(rest, ratios, *start, kFoldSearch);
        for (const ServingPoint* p : points) {
            if (p->group == group) {
                leftOut[p] = calibration::logError(*p, without);
            }
        }
    }
    std::vector<double> in;
    std::vector<double> out;
    std::string csv = "id,group,error_pct,group_left_out_pct\n";
    for (const ServingPoint* p : points) {
        in.push_back(calibration::logError(*p, best));
        out.push_back(leftOut[p]);
        csv += p->id + "," + p->group + "," + digits("%.1f", 100 * std::expm1(in.back())) + "," +
               digits("%.1f", 100 * std::expm1(out.back())) + "\n";
        std::printf("%-36s %+6.1f %%  left out %+6.1f %%\n", p->id.c_str(), 100 * std::expm1(in.back()),
                    100 * std::expm1(out.back()));
    }
    print("in the fit", in);
    print("group left out", out);
    for (const auto& ratio : ratios) {
        double error = 0;
        for (const ServingPoint* p : points) {
            error += p->id == ratio.over ? calibration::logError(*p, best) : 0.0;
            error -= p->id == ratio.under ? calibration::logError(*p, best) : 0.0;
        }
        std::printf("%-36s %+6.1f %%\n", ratio.name.c_str(), 100 * std::expm1(error));
    }
    if (!dry) {
        std::ofstream(arguments[2], std::ios::binary) << calibration::withFittedValues(yaml, best);
        std::ofstream(arguments[3], std::ios::binary) << csv;
    }
    return 0;
}
