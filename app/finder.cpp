#include "app/finder.h"

#include "app/injection_words.h"
#include "model/cluster/part_search.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace atlas::app {

namespace {

using cluster::Cluster;
using cluster::Index;
using cluster::Part;
using cluster::PartKind;
using operations::GpuState;
using scenes::Target;
using scenes::TargetKind;

constexpr std::size_t kMostPlaces = 12;
constexpr std::size_t kMostSwitches = 8; ///< of one number, in halls and rails

QString tr(const char* text) {
    return QCoreApplication::translate("Finder", text);
}

/// Collects places of one cluster.
struct Search {
    const Cluster& cluster;
    const operations::Frame* frame;
    Side side;
    QString text; ///< lower case, simplified
    std::vector<Place>& places;

    void add(const QString& name, Target target, const QString& detail = {}, bool near = false) {
        const bool known = std::ranges::any_of(
            places, [&](const Place& place) { return place.side == side && place.target == target; });
        if (!known && target) {
            QString where = QStringLiteral("%1 · %2").arg(QString(QLatin1Char(widgets::letter(side))),
                                                          QString::fromStdString(cluster.name));
            places.push_back({name, detail.isEmpty() ? where : detail + QStringLiteral(" · ") + where, side,
                              target, near});
        }
    }
    void add(Part part, bool near = false) {
        // An island is no target of its own: its first hall shows it.
        const Target target =
            part.kind == PartKind::Island
                ? Target{TargetKind::Hall, cluster.islands[part.index].halls.first, cluster::kNone}
                : targetOf(cluster, part);
        QString name = QString::fromStdString(cluster::partName(cluster, part));
        if (part.kind == PartKind::Hall) {
            name += QStringLiteral(" · ") + QString::fromStdString(cluster.halls[part.index].name);
        }
        add(name, target, {}, near);
    }

    void byName() {
        for (const QString& wanted : {text, QStringLiteral("rack ") + text, QStringLiteral("row ") + text}) {
            if (const auto part = cluster::parsePart(cluster, wanted.toStdString());
                part && part->kind != PartKind::Cluster) {
                add(*part);
            }
        }
        static const QRegularExpression kGpu(QStringLiteral("^gpu (\\d{1,9})$"));
        if (const auto match = kGpu.match(text); match.hasMatch()) {
            const Index gpu = match.captured(1).toUInt();
            if (gpu >= 1 && gpu <= cluster.gpuCount) {
                add({PartKind::Gpu, gpu - 1});
            }
        }
    }
    void byState() {
        static const QStringList kSlowest = {QStringLiteral("slowest"), QStringLiteral("culprit"),
                                             QStringLiteral("worst"), QStringLiteral("straggler")};
        static const QStringList kFaults = {QStringLiteral("fault"), QStringLiteral("faults"),
                                            QStringLiteral("broken"), QStringLiteral("failed")};
        const auto begins = [this](const QStringList& words) {
            return text.size() >= 3 &&
                   std::ranges::any_of(words, [this](const QString& word) { return word.startsWith(text); });
        };
        if (frame == nullptr) {
            return;
        }
        if (begins(kSlowest) && frame->culprit != cluster::kNone) {
            add(QString::fromStdString(cluster.gpuLabel(frame->culprit)),
                {TargetKind::Gpu, frame->culprit, cluster::kNone}, tr("slowest of this step"));
        }
        if (begins(kFaults)) {
            const auto fault = std::ranges::find(frame->state, static_cast<std::uint8_t>(GpuState::Fault));
            if (fault != frame->state.end()) {
                const auto gpu = static_cast<Index>(fault - frame->state.begin());
                add(QString::fromStdString(cluster.gpuLabel(gpu)), {TargetKind::Gpu, gpu, cluster::kNone},
                    tr("out of order"));
            }
        }
    }
    void bySwitch() {
        static const QRegularExpression kSwitch(QStringLiteral("^(leaf|spine|core) (\\d{1,9})$"));
        const auto match = kSwitch.match(text);
        if (!match.hasMatch()) {
            return;
        }
        const QString word = match.captured(1);
        const cluster::Tier tier = word == QLatin1String("leaf")    ? cluster::Tier::Leaf
                                   : word == QLatin1String("spine") ? cluster::Tier::Spine
                                                                    : cluster::Tier::Core;
        const Index number = match.captured(2).toUInt();
        std::size_t found = 0;
        for (Index i = 0; i < cluster.switches.size() && found < kMostSwitches; ++i) {
            if (cluster.switches[i].tier == tier && cluster.switches[i].number + 1 == number) {
                add(QString::fromStdString(cluster.switchLabel(i)), {TargetKind::Switch, i, cluster::kNone});
                ++found;
            }
        }
    }
    void byPartOfName() {
        if (text.size() < 2) {
            return;
        }
        for (Index i = 0; i < cluster.halls.size(); ++i) {
            if (QString::fromStdString(cluster.halls[i].name).toLower().contains(text)) {
                add({PartKind::Hall, i});
            }
        }
        for (Index i = 0; i < cluster.linkGroups.size(); ++i) {
            if (cluster.linkGroups[i].kind == cluster::LinkKind::Trunk &&
                QString::fromStdString(cluster.linkGroups[i].name).toLower().contains(text)) {
                add({PartKind::LinkGroup, i});
            }
        }
    }
    void nearest() {
        for (const QString& wanted : {text, QStringLiteral("rack ") + text}) {
            if (const auto part = cluster::nearestPart(cluster, wanted.toStdString());
                part && part->kind != PartKind::Cluster) {
                add(*part, true);
            }
        }
    }
};

} // namespace

std::vector<Place> findPlaces(const QString& text, const FinderSource& source) {
    std::vector<Place> places;
    const QString wanted = text.simplified().toLower();
    if (wanted.isEmpty()) {
        return places;
    }
    const Side other = source.preferred == Side::A ? Side::B : Side::A;
    const auto each = [&](auto what) {
        for (const Side side : {source.preferred, other}) {
            if (const auto& cluster = source.clusters[index(side)]) {
                const auto& frame = source.frames[index(side)];
                const bool fits = frame && frame->state.size() == cluster->gpuCount;
                Search search{*cluster, fits ? frame.get() : nullptr, side, wanted, places};
                what(search);
            }
        }
    };
    each([](Search& search) {
        search.byName();
        search.byState();
        search.bySwitch();
    });
    each([](Search& search) { search.byPartOfName(); });
    if (places.empty()) {
        each([](Search& search) { search.nearest(); });
    }
    if (places.size() > kMostPlaces) {
        places.resize(kMostPlaces);
    }
    return places;
}

} // namespace atlas::app
