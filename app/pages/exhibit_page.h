// A page of the window: a grid of exhibits and panels that scrolls. Computes what it shows off the GUI
// thread, one exhibit after the other, and only while it is on screen.
#pragma once

#include "app/latest_worker.h"
#include "app/pages/exhibit.h"
#include "widgets/chart_card.h"
#include "widgets/table_card.h"

#include <QScrollArea>
#include <QTimer>

#include <memory>
#include <vector>

class QGridLayout;

namespace atlas::app {

class ExhibitPage : public QScrollArea {
    Q_OBJECT
public:
    explicit ExhibitPage(PageSpec spec, QWidget* parent = nullptr);
    ~ExhibitPage() override;

    [[nodiscard]] QString id() const { return m_spec.id; }
    [[nodiscard]] QString title() const { return m_spec.title; }

    /// How much of a narrow page a panel takes: a tall one stands below the first exhibit there, so that the
    /// page opens with an answer.
    enum class PanelHeight : std::uint8_t { Low, Tall };
    /// Puts a widget of its own above the exhibits, over `columns` of the page's two. The page takes it over.
    void addPanel(QWidget* panel, int columns = 1, PanelHeight height = PanelHeight::Low);

    virtual void setEvidence(const Evidence& evidence);
    /// For pages with numbers to change: what they are, and what they were in the file.
    virtual void setScenario(const scenario::Scenario&, const scenario::Scenario&) {}
    virtual void setTheme(const scenes::Theme& theme);
    /// True while something visible is out of date.
    [[nodiscard]] virtual bool busy() const;
    /// Scrolls to an exhibit's card.
    void scrollTo(const QString& name);

    /// The card of an exhibit; null where it is of the other kind or not here.
    [[nodiscard]] widgets::ChartCard* chart(const QString& name) const;
    [[nodiscard]] widgets::TableCard* table(const QString& name) const;

signals:
    void chartExportRequested(atlas::widgets::ChartCard* card, atlas::widgets::ChartFormat format);
    void tableExportRequested(atlas::widgets::TableCard* card, atlas::widgets::TableFormat format);
    void seekRequested(double timeS);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    [[nodiscard]] const Evidence& evidence() const { return m_evidence; }
    /// Called when new values of an exhibit are on its card.
    virtual void shown(const QString&) {}

private:
    struct Item {
        QWidget* card = nullptr;
        widgets::ChartCard* chart = nullptr;
        widgets::TableCard* table = nullptr;
        bool fresh = false;
        int columns = 1;
    };
    struct Request {
        std::size_t exhibit = 0;
        Evidence evidence;
        std::uint64_t tick = 0;
    };
    struct Answer {
        std::size_t exhibit = 0;
        FillChart chart;
        ComputedTable table;
        std::uint64_t tick = 0;
    };

    void addExhibit(const Exhibit& exhibit);
    [[nodiscard]] bool computable(std::size_t exhibit) const;
    void computeNext();
    void show(const Answer& answer);
    void maximise(QWidget* card, bool maximised);
    void layOut();

    PageSpec m_spec;
    Evidence m_evidence;
    QWidget* m_inside;
    QGridLayout* m_grid;
    struct Panel {
        QWidget* widget = nullptr;
        int columns = 1; ///< it takes
        PanelHeight height = PanelHeight::Low;
    };
    std::vector<Item> m_items; ///< one an exhibit, in their order
    std::vector<Panel> m_panels;
    QWidget* m_maximised = nullptr;
    int m_laidColumns = 0;
    std::size_t m_next = 0; ///< where the search for the next exhibit to compute begins
    QTimer m_instant;
    std::uint64_t m_tick = 0; ///< counts its timeouts: an answer asked for before the last one is out of date
    std::unique_ptr<LatestWorker<Request, Answer>> m_worker;
};

} // namespace atlas::app
