#include "widgets/injections_panel.h"

#include "model/scenario/operations.h"
#include "widgets/choice_row.h"
#include "widgets/clear_layout.h"
#include "widgets/flow_layout.h"
#include "widgets/format.h"
#include "widgets/icons.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QToolButton>

#include <cmath>

namespace atlas::widgets {

namespace {

constexpr double kShares[] = {0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 0.9, 1.0};
constexpr double kMinuteS = 60;
constexpr double kHourS = 3600;
constexpr double kLasts[] = {kMinuteS, 10 * kMinuteS, kHourS, 6 * kHourS, 24 * kHourS, 7 * 24 * kHourS};

template <std::size_t N, class Words>
ChoiceRow::Items itemsOf(const double (&values)[N], Words words) {
    ChoiceRow::Items items;
    for (const double value : values) {
        items.emplace_back(QString::number(value), words(value));
    }
    return items;
}

} // namespace

InjectionsPanel::InjectionsPanel(QWidget* parent)
    : QWidget(parent)
    , m_section(new ThemedLabel(TextRole::Section, Ink::Quiet))
    , m_part(new ThemedLabel(TextRole::Body, Ink::Quiet))
    , m_strength(new ChoiceRow)
    , m_offerBox(new QWidget)
    , m_listSection(new ThemedLabel(TextRole::Section, Ink::Quiet))
    , m_list(new QVBoxLayout) {
    setObjectName(QStringLiteral("injections"));
    setProperty("look", "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_section->setText(tr("Do something to it"));
    m_part->setWordWrap(true);
    m_share = m_strength->addChoice(QStringLiteral("inject-share"), tr("Takes away"),
                                    itemsOf(kShares, [](double share) { return percentText(share); }));
    m_lasts = m_strength->addChoice(QStringLiteral("inject-lasts"), tr("for"), itemsOf(kLasts, durationText));
    m_share->setToolTip(tr("Share of speed, bandwidth or power; 100 % is a failure"));
    m_lasts->setToolTip(tr("How long it is slow, or until what failed is repaired"));
    const scenario::Injection usual; // as a file has it where nothing is said
    ChoiceRow::choose(*m_share, QString::number(usual.magnitude));
    ChoiceRow::choose(*m_lasts, QString::number(usual.durationS));
    m_offerBox->setLayout(new FlowLayout(nullptr, 6));
    QSizePolicy flows(QSizePolicy::Preferred, QSizePolicy::Minimum);
    flows.setHeightForWidth(true);
    m_offerBox->setSizePolicy(flows);
    m_listSection->setText(tr("Done so far"));
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(4);

    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(12, 4, 12, 12);
    all->setSpacing(4);
    all->addWidget(m_section);
    all->addWidget(m_part);
    all->addWidget(m_strength);
    all->addWidget(m_offerBox);
    all->addSpacing(8);
    all->addWidget(m_listSection);
    all->addLayout(m_list);
    setTarget({}, {});
    fillItems();
}

double InjectionsPanel::share() const {
    return m_share->currentData().toDouble();
}

double InjectionsPanel::lastsS() const {
    return m_lasts->currentData().toDouble();
}

void InjectionsPanel::setTarget(const QString& part, const std::vector<InjectionOffer>& offers) {
    m_part->setText(
        offers.empty() ? tr("Select a GPU, a rack, a hall or a link to slow it down or let it fail.") : part);
    m_strength->setVisible(!offers.empty());
    m_offerBox->setVisible(!offers.empty());
    if (offers != m_offers) { // a button that is being pressed stays while frames pass
        m_offers = offers;
        fillOffers();
    }
}

void InjectionsPanel::fillOffers() {
    clear(*m_offerBox->layout());
    for (const InjectionOffer& offer : m_offers) {
        auto* button = new QPushButton(offer.label, m_offerBox);
        button->setObjectName(QStringLiteral("inject-") + offer.id);
        button->setToolTip(offer.tip);
        connect(button, &QPushButton::clicked, this, [this, id = offer.id] { emit injectRequested(id); });
        m_offerBox->layout()->addWidget(button);
        button->show();
    }
}

void InjectionsPanel::setItems(const std::vector<InjectionItem>& items) {
    if (items != m_items) {
        m_items = items;
        fillItems();
    }
}

void InjectionsPanel::fillItems() {
    clear(*m_list);
    m_listSection->setVisible(!m_items.empty());
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const InjectionItem& item = m_items[i];
        const int number = static_cast<int>(i);
        auto* row = new QWidget(this);
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(4);
        auto* words = new QVBoxLayout;
        words->setSpacing(0);
        auto* what = new ThemedLabel(TextRole::Body, item.now ? Ink::Negative : Ink::Text);
        what->setObjectName(QStringLiteral("injection-%1").arg(i));
        what->setText(item.badge.isEmpty() ? item.what : item.badge + QStringLiteral(" · ") + item.what);
        what->setWordWrap(true);
        auto* when = new QPushButton(item.when);
        when->setObjectName(QStringLiteral("jump-%1").arg(i));
        when->setProperty("look", "link");
        when->setCursor(Qt::PointingHandCursor);
        when->setToolTip(tr("Go to this instant and select what was hit"));
        words->addWidget(what);
        words->addWidget(when, 0, Qt::AlignLeft);
        line->addLayout(words, 1);
        auto* change = new QToolButton;
        change->setObjectName(QStringLiteral("change-%1").arg(i));
        change->setAccessibleName(tr("Change: %1").arg(item.what));
        change->setToolTip(tr("Change what it takes away and for how long"));
        change->setPopupMode(QToolButton::InstantPopup);
        auto* menu = new QMenu(change);
        fillMenu(*menu, number);
        change->setMenu(menu);
        line->addWidget(change, 0, Qt::AlignTop);
        auto* remove = new QToolButton;
        remove->setObjectName(QStringLiteral("remove-%1").arg(i));
        remove->setAccessibleName(tr("Take back: %1").arg(item.what));
        remove->setToolTip(tr("Take it back"));
        line->addWidget(remove, 0, Qt::AlignTop);
        connect(when, &QPushButton::clicked, this, [this, number] { emit jumpRequested(number); });
        connect(remove, &QToolButton::clicked, this, [this, number] { emit removeRequested(number); });
        m_list->addWidget(row);
        dress(*row);
        row->show();
    }
}

void InjectionsPanel::fillMenu(QMenu& menu, int number) {
    const InjectionItem& item = m_items[static_cast<std::size_t>(number)];
    const auto add = [&](const QString& words, bool chosen, double share, double lastsS) {
        QAction* action = menu.addAction(words);
        action->setCheckable(true);
        action->setChecked(chosen);
        connect(action, &QAction::triggered, this,
                [this, number, share, lastsS] { emit changeRequested(number, share, lastsS); });
    };
    if (item.share) {
        menu.addSection(tr("Takes away"));
        for (const double share : kShares) {
            add(percentText(share), std::abs(share - *item.share) < 1e-9, share, item.lastsS);
        }
    }
    menu.addSection(tr("For"));
    for (const double lastsS : kLasts) {
        add(durationText(lastsS), std::abs(lastsS - item.lastsS) < 1e-6, item.share.value_or(1), lastsS);
    }
}

void InjectionsPanel::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    m_strength->setTheme(theme);
    dress(*this);
}

void InjectionsPanel::dress(QWidget& inside) {
    if (!m_theme) {
        return;
    }
    for (ThemedLabel* label : inside.findChildren<ThemedLabel*>()) {
        label->setTheme(*m_theme);
    }
    for (QToolButton* change :
         inside.findChildren<QToolButton*>(QRegularExpression(QStringLiteral("^change-")))) {
        change->setIcon(icon(QStringLiteral("more"), m_theme->quietText, m_theme->line));
    }
    for (QToolButton* remove :
         inside.findChildren<QToolButton*>(QRegularExpression(QStringLiteral("^remove-")))) {
        remove->setIcon(icon(QStringLiteral("close"), m_theme->quietText, m_theme->line));
    }
}

} // namespace atlas::widgets
