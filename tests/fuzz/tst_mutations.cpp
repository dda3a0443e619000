#include "model/core/philox.h"
#include "model/core/yaml_document.h"
#include "tests/fuzz/scenario_invariants.h"

#include <QElapsedTimer>
#include <QTest>

using namespace atlas;

namespace {

constexpr int kMutants = 3000;
constexpr int kSlowestMs = 5000; ///< a mutant that takes longer hangs, also under a sanitizer

const std::vector<std::string> kPieces = {":",
                                          ": ",
                                          "\n",
                                          "  ",
                                          "\t",
                                          "- ",
                                          "{",
                                          "}",
                                          "[",
                                          "]",
                                          "&a ",
                                          "*a",
                                          "<<: *a",
                                          "? ",
                                          "---\n",
                                          "...\n",
                                          "#",
                                          "\"",
                                          "'",
                                          "|\n",
                                          ">\n",
                                          "!!binary ",
                                          "~",
                                          "null",
                                          "true",
                                          "-1",
                                          "0",
                                          "1e12",
                                          "1e999",
                                          "-1e308",
                                          ".nan",
                                          ".inf",
                                          "999999999999999999999",
                                          "165,000",
                                          "%",
                                          "$",
                                          " GB/s",
                                          " W",
                                          "2026-13",
                                          "like: H100-SXM\n",
                                          "gpus:\n",
                                          "clusters:\n",
                                          std::string("\0", 1),
                                          "\xff",
                                          "\xc3",
                                          "\xe2\x80\xae",
                                          "{fact: c1.h100}",
                                          "{value: 1}",
                                          "{fact: }",
                                          std::string(300, 'x'),
                                          std::string(50, '[')};

/// A deterministic stream of choices for one mutant.
class Dice {
public:
    explicit Dice(std::uint32_t mutant)
        : m_mutant(mutant) {}
    std::size_t below(std::size_t sides) {
        const double u = random::uniform(20260523, random::Purpose::StaticSpeed,
                                         (static_cast<std::uint64_t>(m_mutant) << 20) + m_throw++);
        return std::min(static_cast<std::size_t>(u * static_cast<double>(sides)), sides - 1);
    }

private:
    std::uint32_t m_mutant;
    std::uint32_t m_throw = 0;
};

std::pair<std::size_t, std::size_t> someLine(const std::string& text, Dice& dice) {
    const std::size_t at = dice.below(text.size());
    const std::size_t start = text.rfind('\n', at) + 1; // npos + 1 is 0
    const std::size_t end = text.find('\n', at);
    return {std::min(start, at), end == std::string::npos ? text.size() : end + 1};
}

std::string mutated(std::string text, Dice& dice) {
    for (std::size_t i = dice.below(6) + 1; i > 0 && !text.empty(); --i) {
        const std::size_t at = dice.below(text.size());
        const std::string& piece = kPieces[dice.below(kPieces.size())];
        const auto [start, end] = someLine(text, dice);
        switch (dice.below(8)) {
        case 0:
            text[at] = static_cast<char>(dice.below(256));
            break;
        case 1:
            text.insert(at, piece);
            break;
        case 2:
            text.erase(at, dice.below(40) + 1);
            break;
        case 3:
            text.erase(start, end - start);
            break;
        case 4:
            text.insert(start, text.substr(start, end - start));
            break;
        case 5:
            text.replace(at, std::min<std::size_t>(dice.below(12) + 1, text.size() - at), piece);
            break;
        case 6: { // a line moves elsewhere
            const std::string line = text.substr(start, end - start);
            text.erase(start, end - start);
            text.insert(text.empty() ? 0 : dice.below(text.size()), line);
            break;
        }
        default: // another indentation
            text.insert(start, std::string(dice.below(8), ' '));
            break;
        }
    }
    return text;
}

} // namespace

/// A good file with a few random injuries: no crash, no exception, no hang, and an answer that makes sense.
class TestMutations : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        auto loaded = scenario::loadCatalogue(ATLAS_SOURCE_RESOURCES);
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : text(loaded.errors()).c_str());
        m_catalogue = std::move(*loaded);
    }
    void mutants_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("count");
        QTest::newRow("colossus") << ATLAS_SOURCE_RESOURCES "/scenarios/colossus.atlas.yaml" << kMutants;
        QTest::newRow("minimal") << ATLAS_SOURCE_RESOURCES "/scenarios/minimal.atlas.yaml" << 2 * kMutants;
    }
    void mutants() {
        QFETCH(QString, file);
        QFETCH(int, count);
        const auto good = yaml::readFile(file.toStdString(), 1u << 20);
        QVERIFY(good.ok());
        int accepted = 0;
        for (int i = 0; i < count; ++i) {
            Dice dice(static_cast<std::uint32_t>(i));
            const std::string yaml = mutated(*good, dice);
            QElapsedTimer timer;
            timer.start();
            std::string wrong;
            try {
                const auto answer = scenario::parseScenario(yaml, "mutant", m_catalogue);
                wrong = fuzz::broken(answer);
                accepted += answer.ok() ? 1 : 0;
            } catch (...) {
                wrong = "an exception left the loader";
            }
            QVERIFY2(wrong.empty(),
                     ("mutant " + std::to_string(i) + ": " + wrong + "\n" + yaml.substr(0, 4000)).c_str());
            QVERIFY2(timer.elapsed() < kSlowestMs, std::to_string(i).c_str());
        }
        // Both answers must come up, or the injuries are too light or too grave to test anything.
        QVERIFY2(accepted > count / 100 && accepted < count / 2, std::to_string(accepted).c_str());
    }
    /// Values set by path are untrusted as well.
    void mutatedValues() {
        const auto loaded = scenario::loadScenario(ATLAS_SOURCE_RESOURCES "/scenarios/minimal.atlas.yaml",
                                                   ATLAS_SOURCE_RESOURCES);
        QVERIFY(loaded.ok());
        for (int i = 0; i < 1000; ++i) {
            Dice dice(static_cast<std::uint32_t>(i + 100'000));
            const std::string value = mutated("{value: 1.2, low: 1.1, high: 1.3, source: here}", dice);
            const auto changed = scenario::withValue(loaded->scenario, "clusters.meta.pue", value);
            if (changed) {
                const double pue = changed->clusters.front().pue.value;
                QVERIFY(pue >= 1.0 && pue <= 3.0);
            } else {
                QVERIFY(!changed.errors().front().message.empty());
            }
        }
    }

private:
    scenario::Catalogue m_catalogue;
};

QTEST_APPLESS_MAIN(TestMutations)
#include "tst_mutations.moc"
