// The comparison as a document: A4, findings first, sources last.
#pragma once

#include "model/explore/compare.h"
#include "widgets/assumptions.h"
#include "widgets/chart_picture.h"

#include <QImage>

namespace atlas::widgets {

struct ReportContent {
    QString title;        ///< "Train on Colossus 1, or lease it and train on Colossus 2?"
    QString scenarioName; ///< name of the scenario
    QString scenarioFile; ///< file it was read from, without its folder
    QString description;  ///< what the scenario says about itself
    QStringList findings; ///< sentences, the most telling first
    struct Picture {
        QString caption; ///< "A  Colossus 1 · article"
        QString detail;  ///< "220 000 GPUs · training"
        QImage image;
    };
    std::vector<Picture> pictures; ///< set in pairs, side by side
    explore::Comparison comparison;
    QString strategyA, strategyB;         ///< ids
    std::optional<scenario::Month> start; ///< of simulated time: months are then set as dates
    struct Chart {
        Caption caption;
        const Plot* plot = nullptr; ///< not owned; outlives the call
    };
    std::vector<Chart> charts;
    std::vector<AssumptionRow> assumptions;
    std::uint64_t seed = 0;
};

/// "colossus.atlas.yaml · Colossus Atlas 0.1.0 · seed 7": what every exported picture carries at its foot.
[[nodiscard]] QString provenance(const QString& scenarioFile, std::uint64_t seed);

/// PDF, A4, fonts embedded. The same content gives the same bytes.
[[nodiscard]] QByteArray reportPdf(const ReportContent& content, const Theme& theme);

} // namespace atlas::widgets
