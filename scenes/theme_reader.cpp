// Reads a theme file. Everything a theme needs must be there: a missing role is an error, not a default.
#include "scenes/colour.h"
#include "scenes/theme.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace atlas::scenes {

namespace {

constexpr std::array<const char*, kPatternCount> kPatternNames = {
    "empty", "hollow", "solid", "stripes", "hatch", "target", "cross", "bar", "wedge", "columns", "dots"};
constexpr std::array<const char*, operations::kStateCount> kStateKeys = {
    "unpowered", "idle",       "computing", "communicating", "waiting", "culprit",
    "fault",     "checkpoint", "restart",   "prefill",       "decode"};

/// Collects diagnostics while it walks one file.
class Reader {
public:
    explicit Reader(QString path)
        : m_path(std::move(path)) {}

    QJsonObject document() { return documentAt(m_path); }

    QJsonObject documentAt(const QString& path) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            error("cannot be read: " + file.errorString(), "check that the file exists", path);
            return {};
        }
        QJsonParseError problem;
        const auto json = QJsonDocument::fromJson(file.readAll(), &problem);
        if (problem.error != QJsonParseError::NoError)
            error("is not JSON: " + problem.errorString(), "see resources/theme/dark.json", path);
        return json.object();
    }

    QColor colour(const QJsonValue& value, const QString& name) {
        const QColor c(value.toString());
        if (!value.isString() || !c.isValid())
            error(QStringLiteral("`%1` is missing or not a colour").arg(name), "write it as \"#rrggbb\"");
        return c;
    }

    Pattern pattern(const QJsonValue& value, const QString& name) {
        const auto found = std::find(kPatternNames.begin(), kPatternNames.end(), value.toString());
        if (found == kPatternNames.end()) {
            error(QStringLiteral("`%1` has no known pattern").arg(name), "one of solid, hatch, cross, ...");
            return Pattern::Solid;
        }
        return static_cast<Pattern>(found - kPatternNames.begin());
    }

    std::vector<QColor> colours(const QJsonValue& value, const QString& name, std::size_t atLeast) {
        std::vector<QColor> out;
        for (const auto& entry : value.toArray())
            out.push_back(colour(entry, name));
        if (out.size() < atLeast)
            error(QStringLiteral("`%1` needs %2 colours").arg(name).arg(atLeast), "add the missing ones");
        return out;
    }

    void error(const QString& message, const QString& remedy, const QString& path = {}) {
        Diagnostic d;
        d.place.file = (path.isEmpty() ? m_path : path).toStdString();
        d.message = message.toStdString();
        d.remedy = remedy.toStdString();
        m_errors.push_back(std::move(d));
    }

    [[nodiscard]] const Diagnostics& errors() const { return m_errors; }

private:
    QString m_path;
    Diagnostics m_errors;
};

/// 256 colours through the stops, evenly spaced, straight in L*a*b*.
ColourMap interpolated(const std::vector<QColor>& stops) {
    ColourMap map{};
    for (std::size_t i = 0; i < map.size(); ++i) {
        const double at = static_cast<double>(i) / 255.0 * static_cast<double>(stops.size() - 1);
        const auto from = std::min(static_cast<std::size_t>(at), stops.size() - 2);
        const double share = at - static_cast<double>(from);
        const Lab a = lab(stops[from]);
        const Lab b = lab(stops[from + 1]);
        map[i] =
            fromLab({a.l + (b.l - a.l) * share, a.a + (b.a - a.a) * share, a.b + (b.b - a.b) * share}).rgb();
    }
    return map;
}

void readRoles(Reader& reader, const QJsonObject& roles, Theme& theme) {
    const std::pair<const char*, QColor Theme::*> wanted[] = {
        {"ground", &Theme::ground},     {"panel", &Theme::panel},       {"raised", &Theme::raised},
        {"line", &Theme::line},         {"text", &Theme::text},         {"quietText", &Theme::quietText},
        {"accent", &Theme::accent},     {"onAccent", &Theme::onAccent}, {"selection", &Theme::selection},
        {"link", &Theme::link},         {"halo", &Theme::halo},         {"positive", &Theme::positive},
        {"negative", &Theme::negative}, {"warning", &Theme::warning},
    };
    for (const auto& [name, member] : wanted)
        theme.*member = reader.colour(roles.value(QLatin1String(name)), QLatin1String(name));
}

void readStates(Reader& reader, const QJsonObject& states, Theme& theme) {
    for (std::size_t i = 0; i < kStateKeys.size(); ++i) {
        const QString key = QLatin1String(kStateKeys[i]);
        const auto entry = states.value(key).toObject();
        theme.states[i].colour = reader.colour(entry.value("colour"), key);
        theme.states[i].pattern = reader.pattern(entry.value("pattern"), key);
    }
}

void copyInto(std::array<QColor, 6>& to, const std::vector<QColor>& from) {
    std::copy_n(from.begin(), std::min(from.size(), to.size()), to.begin());
}

} // namespace

Result<Theme> readTheme(const QString& path) {
    Reader reader(path);
    const QJsonObject json = reader.document();
    if (!reader.errors().empty())
        return reader.errors();

    Theme theme;
    theme.name = json.value("name").toString();
    const QString mode = json.value("mode").toString();
    if (mode != "dark" && mode != "light")
        reader.error("`mode` is neither dark nor light", "write \"mode\": \"dark\"");
    theme.mode = mode == "light" ? ThemeMode::Light : ThemeMode::Dark;
    readRoles(reader, json.value("roles").toObject(), theme);
    readStates(reader, json.value("states").toObject(), theme);
    copyInto(theme.strategies, reader.colours(json.value("strategies"), "strategies", 6));
    copyInto(theme.classes, reader.colours(json.value("classes"), "classes", 6));

    const auto load = reader.colours(json.value("load"), "load", 2);
    const auto cividis =
        reader.colours(reader.documentAt(":/atlas/theme/cividis.json").value("colours"), "cividis", 256);
    const auto ends = json.value("diverging").toObject();
    const std::vector<QColor> diverging = {reader.colour(ends.value("negative"), "diverging.negative"),
                                           reader.colour(ends.value("middle"), "diverging.middle"),
                                           reader.colour(ends.value("positive"), "diverging.positive")};
    if (!reader.errors().empty())
        return reader.errors();
    theme.load = interpolated(load);
    theme.diverging = interpolated(diverging);
    std::transform(cividis.begin(), cividis.begin() + 256, theme.sequential.begin(),
                   [](const QColor& c) { return c.rgb(); });
    return theme;
}

Theme loadTheme(ThemeMode mode) {
    auto theme = readTheme(mode == ThemeMode::Light ? ":/atlas/theme/light.json" : ":/atlas/theme/dark.json");
    if (!theme)
        qFatal("%s", text(theme.errors()).c_str());
    return std::move(theme).value();
}

} // namespace atlas::scenes
