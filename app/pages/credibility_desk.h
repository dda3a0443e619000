// The credibility page with its switch: what the fits that predict had not seen, and which kind of model.
#pragma once

#include "app/pages/exhibit_page.h"

class QComboBox;

namespace atlas::widgets {
class ChoiceRow;
} // namespace atlas::widgets

namespace atlas::app {

class CredibilityDesk : public ExhibitPage {
    Q_OBJECT
public:
    explicit CredibilityDesk(PageSpec spec, QWidget* parent = nullptr);

    void setEvidence(const Evidence& evidence) override;
    void setTheme(const scenes::Theme& theme) override;

    /// Judges by something else from now on.
    void setChoice(const CredibilityChoice& choice);
    [[nodiscard]] const CredibilityChoice& choice() const { return m_choice; }

private:
    Evidence m_given; ///< from the window
    CredibilityChoice m_choice;
    widgets::ChoiceRow* m_controls;
    QComboBox* m_basis = nullptr;
    QComboBox* m_kind = nullptr;
};

} // namespace atlas::app
