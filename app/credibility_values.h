// From published runs and their predictions to what the credibility page draws: plain values and captions.
#pragma once

#include "model/validation/checked_runs.h"
#include "widgets/chart_picture.h"
#include "widgets/error_plot.h"
#include "widgets/scatter_plot.h"

namespace atlas::app {

/// What the page judges by.
struct CredibilityChoice {
    validation::FitBasis basis = validation::FitBasis::GroupLeftOut;
    validation::ModelKind kind = validation::ModelKind::All;
    bool operator==(const CredibilityChoice&) const = default;
};

/// Ids and words of the choices, for a list: "group-left-out", "no run of its model, GPU and precision seen".
[[nodiscard]] std::vector<std::pair<QString, QString>> basisItems();
[[nodiscard]] std::vector<std::pair<QString, QString>> kindItems();
/// The choice after an item of either list was taken; unchanged for an id that is neither.
[[nodiscard]] CredibilityChoice chosen(CredibilityChoice choice, const QString& id);

/// The first use predicts every published run, some 20 ms: not for the GUI thread.
[[nodiscard]] widgets::ScatterValues accuracyValues(const CredibilityChoice& choice);
[[nodiscard]] widgets::Caption accuracyCaption(const CredibilityChoice& choice);

[[nodiscard]] widgets::ErrorValues errorValues(const CredibilityChoice& choice, validation::GroupBy by);
/// `what` names the grouping in a sentence: "GPU", "precision".
[[nodiscard]] widgets::Caption errorCaption(const CredibilityChoice& choice, validation::GroupBy by,
                                            const QString& what);

/// The ten worst rows, worst first, each with the best explanation known.
[[nodiscard]] widgets::DataTable worstTable(const CredibilityChoice& choice);
[[nodiscard]] widgets::Caption worstCaption(const CredibilityChoice& choice);

/// How far the training model has been checked, in numbers.
[[nodiscard]] widgets::DataTable rangeTable();
[[nodiscard]] widgets::Caption rangeCaption();

/// The serving model against published rates; assumptions of the catalogue are left out.
[[nodiscard]] widgets::ScatterValues servingValues();
[[nodiscard]] widgets::Caption servingCaption();
[[nodiscard]] widgets::DataTable servingTable();

} // namespace atlas::app
