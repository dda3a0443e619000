#include "widgets/status_strip.h"

#include <QHBoxLayout>
#include <QTimer>

namespace atlas::widgets {

StatusStrip::StatusStrip(QWidget* parent)
    : QWidget(parent)
    , m_renderer(new ThemedLabel(TextRole::Label, Ink::Quiet))
    , m_timing(new ThemedLabel(TextRole::Label, Ink::Quiet))
    , m_detail(new ThemedLabel(TextRole::Label, Ink::Quiet))
    , m_message(new ThemedLabel(TextRole::Label, Ink::Accent))
    , m_seed(new ThemedLabel(TextRole::Label, Ink::Quiet))
    , m_caveat(new ThemedLabel(TextRole::Label, Ink::Warning)) {
    setProperty("look", "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_renderer->setObjectName(QStringLiteral("renderer"));
    m_timing->setObjectName(QStringLiteral("timing"));
    m_detail->setObjectName(QStringLiteral("detail"));
    m_message->setObjectName(QStringLiteral("message"));
    m_seed->setObjectName(QStringLiteral("seed"));
    m_caveat->setObjectName(QStringLiteral("caveat"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 4, 14, 4);
    row->setSpacing(18);
    for (ThemedLabel* label : {m_renderer, m_timing, m_detail, m_message}) {
        label->setElided(Qt::ElideRight);
        row->addWidget(label);
    }
    row->addStretch(1);
    row->addWidget(m_seed);
    row->addWidget(m_caveat);
}

void StatusStrip::setContent(const StatusContent& content) {
    m_renderer->setText(content.renderer);
    m_timing->setText(content.timing);
    m_detail->setText(content.detail);
    m_seed->setText(content.seed);
    m_caveat->setText(content.caveat);
    m_caveat->setToolTip(content.caveatDetail);
    m_caveat->setAccessibleDescription(content.caveatDetail);
    for (ThemedLabel* label : {m_renderer, m_timing, m_detail, m_seed, m_caveat}) {
        label->setVisible(!label->text().isEmpty());
    }
}

void StatusStrip::setDetail(const QString& detail) {
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
}

void StatusStrip::showMessage(const QString& message, int forMs) {
    m_message->setText(message);
    QTimer::singleShot(forMs, m_message, [this, message] {
        if (m_message->text() == message) {
            m_message->setText({});
        }
    });
}

void StatusStrip::setTheme(const Theme& theme) {
    for (ThemedLabel* label : {m_renderer, m_timing, m_detail, m_message, m_seed, m_caveat}) {
        label->setTheme(theme);
    }
}

} // namespace atlas::widgets
