#include "app/pages/credibility_desk.h"

#include "widgets/choice_row.h"

#include <QComboBox>
#include <QHBoxLayout>

namespace atlas::app {

CredibilityDesk::CredibilityDesk(PageSpec spec, QWidget* parent)
    : ExhibitPage(std::move(spec), parent)
    , m_controls(new widgets::ChoiceRow) {
    auto* panel = new QWidget;
    auto* inside = new QHBoxLayout(panel);
    inside->setContentsMargins(12, 8, 12, 8);
    inside->addWidget(m_controls);
    m_basis = m_controls->addChoice(QStringLiteral("basis"), tr("Each run predicted by"), basisItems());
    m_kind = m_controls->addChoice(QStringLiteral("kind"), tr("Models"), kindItems());
    panel->setSizePolicy(m_controls->sizePolicy());
    connect(m_controls, &widgets::ChoiceRow::chosen, this,
            [this](const QString&, const QString& id) { setChoice(chosen(m_choice, id)); });
    addPanel(panel, 2);
}

void CredibilityDesk::setEvidence(const Evidence& evidence) {
    m_given = evidence;
    Evidence mine = evidence;
    mine.credibility = m_choice;
    ExhibitPage::setEvidence(mine);
}

void CredibilityDesk::setChoice(const CredibilityChoice& choice) {
    m_choice = choice;
    m_basis->setCurrentIndex(static_cast<int>(choice.basis));
    m_kind->setCurrentIndex(static_cast<int>(choice.kind));
    setEvidence(m_given);
}

void CredibilityDesk::setTheme(const scenes::Theme& theme) {
    ExhibitPage::setTheme(theme);
    m_controls->setTheme(theme);
}

} // namespace atlas::app
