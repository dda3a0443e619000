#include "widgets/card_head.h"

#include "widgets/icons.h"
#include "widgets/themed_label.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

namespace atlas::widgets {

CardHead::CardHead(QMenu* menu, const QString& accessibleName, const QString& toolTip, QWidget* parent)
    : QWidget(parent)
    , m_title(new ThemedLabel(TextRole::Head))
    , m_subtitle(new ThemedLabel(TextRole::Label, Ink::Quiet))
    , m_caveat(new ThemedLabel(TextRole::Label, Ink::Warning))
    , m_button(new QToolButton) {
    m_title->setWordWrap(true);
    m_title->setObjectName(QStringLiteral("title"));
    m_subtitle->setWordWrap(true);
    m_subtitle->setObjectName(QStringLiteral("subtitle"));
    m_caveat->setObjectName(QStringLiteral("caveat"));
    m_caveat->setElided(Qt::ElideRight);
    m_caveat->hide();
    m_button->setObjectName(QStringLiteral("menuButton"));
    m_button->setAccessibleName(accessibleName);
    m_button->setToolTip(toolTip);
    m_button->setPopupMode(QToolButton::InstantPopup);
    m_button->setIconSize(QSize(16, 16));
    m_button->setMenu(menu);

    auto* words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(m_title);
    words->addWidget(m_subtitle);
    words->addWidget(m_caveat);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addLayout(words, 1);
    row->addWidget(m_button, 0, Qt::AlignTop);
}

namespace {

/// Lines may break between a minus and a currency sign; nobody wants to read that.
QString unbroken(QString text) {
    return text.replace(QStringLiteral("\u2212$"), QStringLiteral("\u2212\u2060$"));
}

} // namespace

void CardHead::setCaption(const Caption& caption) {
    m_caption = caption;
    m_title->setText(unbroken(caption.title));
    m_subtitle->setText(unbroken(caption.subtitle));
    m_caveat->setText(caption.caveat);
    m_caveat->setVisible(!caption.caveat.isEmpty());
}

void CardHead::setTheme(const Theme& theme) {
    for (ThemedLabel* label : {m_title, m_subtitle, m_caveat}) {
        label->setTheme(theme);
    }
    m_button->setIcon(
        icon(QStringLiteral("more"), theme.quietText, mixed(theme.panel, theme.quietText, 0.6)));
}

} // namespace atlas::widgets
