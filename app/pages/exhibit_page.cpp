#include "app/pages/exhibit_page.h"

#include <QGridLayout>
#include <QScrollBar>

#include <algorithm>

namespace atlas::app {

namespace {

constexpr int kGap = 1;          ///< the line between cards
constexpr int kCardHeight = 336; ///< smallest height of an exhibit
constexpr int kNarrow = 760;     ///< below this width the page has one column
constexpr int kInstantEveryMs = 1000;

} // namespace

ExhibitPage::ExhibitPage(PageSpec spec, QWidget* parent)
    : QScrollArea(parent)
    , m_spec(std::move(spec))
    , m_inside(new QWidget)
    , m_grid(new QGridLayout(m_inside)) {
    setObjectName(QStringLiteral("page-") + m_spec.id);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidget(m_inside);
    m_inside->setObjectName(QStringLiteral("grid"));
    m_inside->setStyleSheet(QStringLiteral("#grid { background: palette(mid) }")); // hairlines between cards
    m_inside->setAttribute(Qt::WA_StyledBackground);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(kGap);
    for (const Exhibit& exhibit : m_spec.exhibits) {
        addExhibit(exhibit);
    }
    m_worker = std::make_unique<LatestWorker<Request, Answer>>(
        this, Overtaken::Stop,
        [exhibits = m_spec.exhibits](const Request& request, std::stop_token stop) {
            Answer answer{request.exhibit, {}, {}, request.tick};
            const auto& recipe = exhibits[request.exhibit].recipe;
            if (const auto* chart = std::get_if<ChartRecipe>(&recipe)) {
                answer.chart = chart->compute(request.evidence, stop);
            } else {
                answer.table = std::get<TableRecipe>(recipe).compute(request.evidence, stop);
            }
            return answer;
        },
        [this](const Answer& answer) {
            show(answer);
            computeNext();
        });
    m_instant.setSingleShot(true);
    m_instant.setInterval(kInstantEveryMs);
    connect(&m_instant, &QTimer::timeout, this, [this] {
        ++m_tick;
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            m_items[i].fresh = m_items[i].fresh && m_spec.exhibits[i].basis != Basis::Instant;
        }
        if (!m_worker->busy()) {
            computeNext(); // else it goes on with these when the present one is done
        }
    });
}

ExhibitPage::~ExhibitPage() {
    m_worker.reset(); // joins before what it answers to is gone
}

void ExhibitPage::addExhibit(const Exhibit& exhibit) {
    Item item;
    item.columns = exhibit.columns;
    if (const auto* recipe = std::get_if<ChartRecipe>(&exhibit.recipe)) {
        item.chart = new widgets::ChartCard(exhibit.name, recipe->make());
        item.card = item.chart;
        connect(item.chart, &widgets::ChartCard::exportRequested, this,
                [this, card = item.chart](widgets::ChartFormat format) {
                    emit chartExportRequested(card, format);
                });
        connect(item.chart, &widgets::ChartCard::maximiseRequested, this,
                [this, card = item.chart](bool on) { maximise(card, on); });
        connect(item.chart, &widgets::ChartCard::seekRequested, this, &ExhibitPage::seekRequested);
    } else {
        item.table = new widgets::TableCard(exhibit.name);
        item.card = item.table;
        connect(item.table, &widgets::TableCard::exportRequested, this,
                [this, card = item.table](widgets::TableFormat format) {
                    emit tableExportRequested(card, format);
                });
    }
    item.card->setObjectName(QStringLiteral("card-") + exhibit.name);
    item.card->setProperty("look", "panel");
    item.card->setAttribute(Qt::WA_StyledBackground);
    item.card->setMinimumHeight(kCardHeight);
    m_items.push_back(item);
}

void ExhibitPage::addPanel(QWidget* panel, int columns, PanelHeight height) {
    panel->setProperty("look", "panel");
    panel->setAttribute(Qt::WA_StyledBackground);
    m_panels.push_back({panel, columns, height});
    m_laidColumns = 0;
    layOut();
}

void ExhibitPage::setEvidence(const Evidence& evidence) {
    const bool panes = evidence.workspace != m_evidence.workspace;
    const bool comparison = evidence.comparison != m_evidence.comparison;
    const bool instant = evidence.timeS != m_evidence.timeS;
    const bool plan = evidence.plan != m_evidence.plan;
    const bool layout = evidence.layout != m_evidence.layout;
    const bool scaling = evidence.scaling != m_evidence.scaling ||
                         (evidence.plan != nullptr) != (m_evidence.plan != nullptr) ||
                         (evidence.plan && evidence.plan->question.side != m_evidence.plan->question.side);
    const bool credibility = evidence.credibility != m_evidence.credibility;
    const bool programme = evidence.programme != m_evidence.programme;
    const bool study = evidence.study != m_evidence.study;
    m_evidence = evidence;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const Basis basis = m_spec.exhibits[i].basis;
        const bool planned = basis == Basis::Plan || basis == Basis::Layout;
        const bool published = basis == Basis::Credibility && m_spec.exhibits[i].claims == Claims::Nothing;
        const bool outOfDate = (panes && !planned && !published) || (comparison && needsComparison(basis)) ||
                               (plan && planned) || (programme && basis == Basis::Programme) ||
                               (study && basis == Basis::Study) || (layout && basis == Basis::Layout) ||
                               (scaling && basis == Basis::Scaling) ||
                               (credibility && basis == Basis::Credibility);
        m_items[i].fresh = m_items[i].fresh && !outOfDate;
    }
    if (instant && !m_instant.isActive()) {
        m_instant.start();
    }
    if (panes || comparison || plan || layout || scaling || credibility || programme || study) {
        m_next = 0;
        computeNext();
    }
}

bool ExhibitPage::computable(std::size_t exhibit) const {
    const Basis basis = m_spec.exhibits[exhibit].basis;
    return m_evidence.workspace && (!needsComparison(basis) || m_evidence.comparison) &&
           (basis != Basis::Study || m_evidence.study) &&
           ((basis != Basis::Plan && basis != Basis::Layout) || m_evidence.plan);
}

void ExhibitPage::computeNext() {
    if (!isVisible()) {
        m_worker->cancel();
        return;
    }
    // Round and round, so that an exhibit that is soon out of date again does not keep the others waiting.
    for (std::size_t k = 0; k < m_items.size(); ++k) {
        const std::size_t i = (m_next + k) % m_items.size();
        if (!m_items[i].fresh && computable(i)) {
            m_next = i + 1;
            m_worker->request({i, m_evidence, m_tick});
            return;
        }
    }
}

void ExhibitPage::show(const Answer& answer) {
    Item& item = m_items[answer.exhibit];
    const Exhibit& exhibit = m_spec.exhibits[answer.exhibit];
    if (item.chart != nullptr) {
        item.chart->setCaption(marked(answer.chart(item.chart->view().plot()), exhibit, m_evidence));
    } else {
        item.table->setEmptyReason(answer.table.emptyReason);
        item.table->setTable(answer.table.table);
        item.table->setCaption(marked(answer.table.caption, exhibit, m_evidence));
    }
    item.fresh = exhibit.basis != Basis::Instant || answer.tick == m_tick;
    shown(m_spec.exhibits[answer.exhibit].name);
}

bool ExhibitPage::busy() const {
    if (!isVisible()) {
        return false;
    }
    bool waiting = m_instant.isActive();
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        waiting = waiting || (!m_items[i].fresh && computable(i));
    }
    return waiting;
}

void ExhibitPage::setTheme(const scenes::Theme& theme) {
    for (const Item& item : m_items) {
        if (item.chart != nullptr) {
            item.chart->setTheme(theme);
        } else {
            item.table->setTheme(theme);
        }
    }
}

void ExhibitPage::maximise(QWidget* card, bool maximised) {
    m_maximised = maximised ? card : nullptr;
    for (const Item& item : m_items) {
        item.card->setVisible(m_maximised == nullptr || item.card == m_maximised);
        if (item.chart != nullptr) {
            item.chart->setMaximised(item.card == m_maximised);
        }
    }
    for (const Panel& panel : m_panels) {
        panel.widget->setVisible(m_maximised == nullptr);
    }
}

void ExhibitPage::scrollTo(const QString& name) {
    layOut();
    m_grid->activate();
    m_inside->adjustSize();
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (m_spec.exhibits[i].name == name) {
            verticalScrollBar()->setValue(m_items[i].card->y());
        }
    }
}

widgets::ChartCard* ExhibitPage::chart(const QString& name) const {
    const auto found = std::ranges::find(m_spec.exhibits, name, &Exhibit::name);
    return found == m_spec.exhibits.end()
               ? nullptr
               : m_items[static_cast<std::size_t>(found - m_spec.exhibits.begin())].chart;
}

widgets::TableCard* ExhibitPage::table(const QString& name) const {
    const auto found = std::ranges::find(m_spec.exhibits, name, &Exhibit::name);
    return found == m_spec.exhibits.end()
               ? nullptr
               : m_items[static_cast<std::size_t>(found - m_spec.exhibits.begin())].table;
}

void ExhibitPage::showEvent(QShowEvent* event) {
    QScrollArea::showEvent(event);
    layOut();
    computeNext();
}

void ExhibitPage::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    layOut();
}

void ExhibitPage::layOut() {
    const int across = viewport()->width() < kNarrow ? 1 : 2;
    if (across == m_laidColumns) {
        return;
    }
    m_laidColumns = across;
    int row = 0;
    int column = 0;
    const auto place = [&](QWidget* widget, int wanted) {
        const int columns = std::min(wanted, across);
        if (column + columns > across) {
            ++row;
            column = 0;
        }
        m_grid->addWidget(widget, row, column, 1, columns);
        column += columns;
    };
    const auto isLate = [across](const Panel& panel) {
        return across == 1 && panel.height == PanelHeight::Tall;
    };
    for (const Panel& panel : m_panels) {
        if (!isLate(panel)) {
            place(panel.widget, panel.columns);
        }
    }
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        // The last one fills its row.
        const int left = column < across ? across - column : across;
        place(m_items[i].card, i + 1 == m_items.size() ? left : m_items[i].columns);
        for (const Panel& panel : m_panels) {
            if (i == 0 && isLate(panel)) {
                place(panel.widget, panel.columns);
            }
        }
    }
    for (int c = 0; c < 2; ++c) {
        m_grid->setColumnStretch(c, c < across ? 1 : 0);
    }
}

} // namespace atlas::app
