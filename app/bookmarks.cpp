#include "app/bookmarks.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace atlas::app {

namespace {

constexpr int kFormat = 1;
constexpr int kHashLetters = 12;

constexpr const char* kLinks[] = {"free", "same-scale", "same-extent"}; // in the order of CameraLink
constexpr const char* kClockLinks[] = {"shared", "own"};                // in the order of ClockLink
constexpr const char* kAxes[] = {"plane", "time", "globe"};             // in the order of CameraAxes
constexpr const char* kScenes[] = {"floorplan", "fabric", "timeline", "orbit", "matrix"};

template <class Words>
int wordIn(const Words& words, const QString& word) {
    const auto found =
        std::ranges::find_if(words, [&](const char* each) { return word == QLatin1String(each); });
    return found == std::end(words) ? -1 : static_cast<int>(found - std::begin(words));
}

QString utf8(const std::string& text) {
    return QString::fromStdString(text);
}

QJsonObject written(const scenes::Camera& camera) {
    QJsonObject out{{"x", camera.centre.x()},
                    {"y", camera.centre.y()},
                    {"pixels_per_metre", camera.pixelsPerMetre},
                    {"axes", kAxes[static_cast<std::size_t>(camera.axes)]}};
    if (camera.focus != cluster::kNone) {
        out["focus"] = static_cast<double>(camera.focus);
    }
    return out;
}

std::optional<scenes::Camera> readCamera(const QJsonObject& in) {
    scenes::Camera camera;
    camera.centre = {in["x"].toDouble(), in["y"].toDouble()};
    camera.pixelsPerMetre = in["pixels_per_metre"].toDouble();
    const int axes = wordIn(kAxes, in["axes"].toString());
    if (axes < 0 || !(camera.pixelsPerMetre > 0) || !std::isfinite(camera.pixelsPerMetre)) {
        return std::nullopt;
    }
    camera.axes = static_cast<scenes::CameraAxes>(axes);
    if (in.contains("focus")) {
        camera.focus = static_cast<cluster::Index>(in["focus"].toDouble());
    }
    return camera;
}

QJsonObject written(const Bookmark& view) {
    QJsonArray panes;
    for (const Side side : kSides) {
        panes.append(QJsonObject{{"strategy", utf8(view.choices[index(side)].strategy)},
                                 {"cluster", utf8(view.choices[index(side)].cluster)},
                                 {"camera", written(view.cameras[index(side)])},
                                 {"time_s", view.clocks[index(side)].timeS},
                                 {"speed", view.clocks[index(side)].speed}});
    }
    return {{"name", view.name},
            {"scene", view.scene},
            {"colouring", view.colouring},
            {"link", kLinks[static_cast<std::size_t>(view.link)]},
            {"clocks", kClockLinks[static_cast<std::size_t>(view.clockLink)]},
            {"side", QString(QLatin1Char(widgets::letter(view.side)))},
            {"difference", view.difference},
            {"selection", view.selection},
            {"panes", panes}};
}

std::optional<Bookmark> readBookmark(const QJsonObject& in) {
    Bookmark view;
    view.name = in["name"].toString();
    view.scene = in["scene"].toString();
    view.colouring = in["colouring"].toString();
    // A file of before there were two clocks has one time for the view.
    const double timeS = in["time_s"].toDouble(-1);
    const int clocks = wordIn(kClockLinks, in["clocks"].toString(kClockLinks[0]));
    view.side = in["side"].toString() == QLatin1String("B") ? Side::B : Side::A;
    view.difference = in["difference"].toBool();
    view.selection = in["selection"].toString();
    const int link = wordIn(kLinks, in["link"].toString());
    const QJsonArray panes = in["panes"].toArray();
    if (view.name.isEmpty() || wordIn(kScenes, view.scene) < 0 || link < 0 || clocks < 0 ||
        panes.size() != 2) {
        return std::nullopt;
    }
    view.link = static_cast<scenes::CameraLink>(link);
    view.clockLink = static_cast<scenes::ClockLink>(clocks);
    for (const Side side : kSides) {
        const QJsonObject pane = panes[static_cast<qsizetype>(index(side))].toObject();
        const auto camera = readCamera(pane["camera"].toObject());
        scenes::Clock& clock = view.clocks[index(side)];
        clock.timeS = pane["time_s"].toDouble(timeS);
        clock.speed = pane["speed"].toDouble(clock.speed);
        if (!camera || !(clock.timeS >= 0) || !(clock.speed > 0)) {
            return std::nullopt;
        }
        view.cameras[index(side)] = *camera;
        view.choices[index(side)] = {pane["strategy"].toString().toStdString(),
                                     pane["cluster"].toString().toStdString()};
    }
    return view;
}

} // namespace

QByteArray toJson(const std::vector<Bookmark>& bookmarks) {
    QJsonArray views;
    for (const Bookmark& view : bookmarks) {
        views.append(written(view));
    }
    return QJsonDocument(QJsonObject{{"format", kFormat}, {"views", views}}).toJson();
}

Result<std::vector<Bookmark>> bookmarksFromJson(const QByteArray& json) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError || document.object()["format"].toInt() != kFormat) {
        return failure("the file of views cannot be read: " + problem.errorString().toStdString(),
                       "take it away, and views can be kept again");
    }
    std::vector<Bookmark> views;
    for (const QJsonValue& each : document.object()["views"].toArray()) {
        const auto view = readBookmark(each.toObject());
        if (!view) {
            return failure("view " + std::to_string(views.size() + 1) + " of the file of views is not whole",
                           "take it out of the file");
        }
        views.push_back(*view);
    }
    return views;
}

QString bookmarkFile(const QString& scenarioFile, bool beside) {
    const QFileInfo scenario(scenarioFile);
    const QString stem = scenario.fileName().section(QLatin1Char('.'), 0, 0);
    if (beside) {
        return scenario.absoluteDir().filePath(stem + QStringLiteral(".views.json"));
    }
    const QByteArray hash =
        QCryptographicHash::hash(scenario.absoluteFilePath().toUtf8(), QCryptographicHash::Sha256).toHex();
    const QDir own(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation));
    return own.filePath(
        QStringLiteral("views/%1-%2.json").arg(stem, QString::fromLatin1(hash.left(kHashLetters))));
}

} // namespace atlas::app
