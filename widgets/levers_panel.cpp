#include "widgets/levers_panel.h"

#include "widgets/format.h"
#include "widgets/lever_slider.h"
#include "widgets/tabular_label.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace atlas::widgets {

namespace {

QString valueText(double value, const Lever& lever) {
    return lever.share ? percentText(value) : quantityText(value, lever.dimension);
}

} // namespace

QString gradeText(catalog::Grade grade) {
    switch (grade) {
    case catalog::Grade::Measured:
        return LeversPanel::tr("measured");
    case catalog::Grade::VendorSpec:
        return LeversPanel::tr("vendor specification");
    case catalog::Grade::ReportedPress:
        return LeversPanel::tr("reported by the press");
    case catalog::Grade::AnalystEstimate:
        return LeversPanel::tr("analyst's estimate");
    case catalog::Grade::Assumption:
        return LeversPanel::tr("assumption");
    }
    return {};
}

QString provenanceText(const catalog::Sourced& number, units::Dimension dimension) {
    QString out = quantityText(number.value, dimension);
    if (number.high > number.low) {
        out += LeversPanel::tr(", range %1")
                   .arg(rangeText(quantityText(number.low, dimension), quantityText(number.high, dimension)));
    }
    out += '\n' + gradeText(number.grade);
    if (!number.source.empty()) {
        out += QStringLiteral(": ") + text(number.source);
    }
    if (!number.note.empty()) {
        out += '\n' + text(number.note);
    }
    return out;
}

LeversPanel::LeversPanel(QWidget* parent)
    : QWidget(parent)
    , m_section(new ThemedLabel(TextRole::Section, Ink::Quiet))
    , m_layout(new QVBoxLayout(this))
    , m_box(new QWidget) {
    setProperty("look", "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_section->setText(tr("Levers"));
    m_layout->setContentsMargins(12, 12, 12, 12);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_section);
    m_layout->addWidget(m_box);
    m_layout->addStretch(1);
}

LeverSlider* LeversPanel::slider(const QString& path) const {
    for (std::size_t i = 0; i < m_levers.size(); ++i) {
        if (m_levers[i].path == path) {
            return m_rows[i].slider;
        }
    }
    return nullptr;
}

void LeversPanel::setLevers(const std::vector<Lever>& levers) {
    bool same = levers.size() == m_levers.size();
    for (std::size_t i = 0; same && i < levers.size(); ++i) {
        same = levers[i].path == m_levers[i].path;
    }
    m_levers = levers;
    if (!same) {
        rebuild();
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Lever& lever = m_levers[i];
        Row& row = m_rows[i];
        if (!row.slider->dragging()) {
            row.slider->setRange(lever.base, lever.number.low, lever.number.high);
            row.slider->setValue(lever.number.value);
        }
        showRow(i);
    }
}

void LeversPanel::showRow(std::size_t i) {
    const Lever& lever = m_levers[i];
    const Row& row = m_rows[i];
    row.label->setText(lever.label);
    row.value->setText(valueText(row.slider->value(), lever));
    const QString tip = lever.label + '\n' + provenanceText(lever.number, lever.dimension) +
                        tr("\nDouble-click restores %1").arg(valueText(lever.base, lever));
    for (QWidget* widget : {static_cast<QWidget*>(row.label), static_cast<QWidget*>(row.value),
                            static_cast<QWidget*>(row.slider)}) {
        widget->setToolTip(tip);
    }
    row.slider->setAccessibleName(lever.label);
    row.slider->setAccessibleDescription(valueText(row.slider->value(), lever));
}

void LeversPanel::rebuild() {
    m_rows.clear();
    auto* box = new QWidget;
    auto* lines = new QVBoxLayout(box);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(2);
    for (std::size_t i = 0; i < m_levers.size(); ++i) {
        Row row{new ThemedLabel(TextRole::Body), new TabularLabel, new LeverSlider};
        row.label->setElided(Qt::ElideRight);
        auto* words = new QHBoxLayout;
        words->addWidget(row.label, 1);
        words->addWidget(row.value);
        lines->addLayout(words);
        lines->addWidget(row.slider);
        lines->addSpacing(4);
        const auto changed = [this, i](double value) {
            showRow(i);
            emit leverChanged(m_levers[i].path, value);
        };
        connect(row.slider, &LeverSlider::valueChanged, this, changed);
        connect(row.slider, &LeverSlider::restored, this, changed);
        dress(row);
        m_rows.push_back(row);
    }
    delete m_layout->replaceWidget(m_box, box);
    m_box->hide();
    m_box->deleteLater();
    m_box = box;
}

void LeversPanel::dress(const Row& row) {
    if (!m_theme) {
        return;
    }
    row.label->setTheme(*m_theme);
    row.value->setFont(m_theme->font(TextRole::Strong));
    row.value->setColour(m_theme->text);
    row.slider->setTheme(*m_theme);
}

void LeversPanel::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    m_section->setTheme(theme);
    for (const Row& row : m_rows) {
        dress(row);
    }
}

} // namespace atlas::widgets
