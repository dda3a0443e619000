#include "widgets/transport_bar.h"

#include "widgets/format.h"
#include "widgets/icons.h"
#include "widgets/speed.h"
#include "widgets/tabular_label.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

namespace atlas::widgets {

TransportBar::TransportBar(QWidget* parent)
    : QWidget(parent)
    , m_play(addButton(QStringLiteral("play"), tr("Play or pause (Space)")))
    , m_back(addButton(QStringLiteral("stepBack"), tr("One step back (,)")))
    , m_forward(addButton(QStringLiteral("stepForward"), tr("One step on (.)")))
    , m_clocks(addButton(QStringLiteral("clocks"), {}))
    , m_clock(new TabularLabel)
    , m_slower(addButton(QStringLiteral("slower"), tr("Slower (J)")))
    , m_speedButton(new QPushButton)
    , m_faster(addButton(QStringLiteral("faster"), tr("Faster (L)")))
    , m_step(new TabularLabel)
    , m_scrubber(new Scrubber)
    , m_duration(new TabularLabel)
    , m_link(addButton(QStringLiteral("link"), tr("Link the cameras of both panes (Ctrl+L)")))
    , m_speeds(new QMenu(this)) {
    setObjectName(QStringLiteral("transport"));
    setProperty("look", "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_clock->setTemplate(clockText(99 * 86400.0));
    m_clock->setObjectName(QStringLiteral("clock"));
    m_step->setObjectName(QStringLiteral("step"));
    m_step->setTemplate(tr("step %1").arg(countText(1e6)));
    m_speedButton->setObjectName(QStringLiteral("speed"));
    m_speedButton->setProperty("look", "quiet");
    m_speedButton->setToolTip(tr("Simulated time a second of wall clock"));
    m_speedButton->setAccessibleName(tr("Speed"));
    m_speedButton->setMenu(m_speeds);
    m_speedButton->setStyleSheet(QStringLiteral("QPushButton::menu-indicator { image: none; width: 0; }"));
    m_link->setCheckable(true);
    m_link->setChecked(true);
    m_clocks->setCheckable(true);
    m_play->setIconSize(QSize(20, 20));

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 4, 12, 4);
    row->setSpacing(4);
    row->addWidget(m_play);
    row->addWidget(m_back);
    row->addWidget(m_forward);
    row->addSpacing(8);
    row->addWidget(m_clocks);
    row->addSpacing(4);
    row->addWidget(m_clock);
    row->addSpacing(8);
    row->addWidget(m_slower);
    row->addWidget(m_speedButton);
    row->addWidget(m_faster);
    row->addSpacing(8);
    row->addWidget(m_step);
    row->addSpacing(4);
    row->addWidget(m_scrubber, 1);
    row->addWidget(m_duration);
    row->addSpacing(8);
    row->addWidget(m_link);

    connect(m_play, &QToolButton::clicked, this, [this] { emit playToggled(!m_playing); });
    connect(m_back, &QToolButton::clicked, this, [this] { emit stepRequested(-1); });
    connect(m_forward, &QToolButton::clicked, this, [this] { emit stepRequested(1); });
    connect(m_slower, &QToolButton::clicked, this, [this] { emit speedChanged(slowerThan(m_speed)); });
    connect(m_faster, &QToolButton::clicked, this, [this] { emit speedChanged(fasterThan(m_speed)); });
    connect(m_link, &QToolButton::clicked, this, &TransportBar::linkToggled);
    connect(m_clocks, &QToolButton::clicked, this, &TransportBar::clocksToggled);
    connect(m_scrubber, &Scrubber::seekRequested, this, &TransportBar::seekRequested);
    connect(m_speeds, &QMenu::aboutToShow, this, &TransportBar::fillSpeeds);
    setDuration(30 * 86400.0);
    setTime(0);
    setSpeed(1);
    setPlaying(false);
    setClockOf({});
}

QToolButton* TransportBar::addButton(const QString& name, const QString& words) {
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setToolTip(words);
    button->setAccessibleName(words);
    button->setIconSize(QSize(16, 16));
    return button;
}

void TransportBar::setTheme(const Theme& theme) {
    m_theme = std::make_unique<Theme>(theme);
    m_scrubber->setTheme(theme);
    for (TabularLabel* label : {m_clock, m_step, m_duration}) {
        label->setFont(theme.font(TextRole::Body));
        label->setColour(label == m_clock ? theme.text : theme.quietText);
    }
    dressIcons();
    dressClocks();
}

void TransportBar::dressIcons() {
    if (!m_theme) {
        return;
    }
    const QColor off = m_theme->line;
    m_play->setIcon(icon(m_playing ? QStringLiteral("pause") : QStringLiteral("play"), m_theme->text, off));
    m_back->setIcon(icon(QStringLiteral("step-back"), m_theme->quietText, off));
    m_forward->setIcon(icon(QStringLiteral("step-forward"), m_theme->quietText, off));
    m_slower->setIcon(icon(QStringLiteral("slower"), m_theme->quietText, off));
    m_faster->setIcon(icon(QStringLiteral("faster"), m_theme->quietText, off));
    const bool linked = m_link->isChecked();
    m_link->setIcon(icon(linked ? QStringLiteral("link") : QStringLiteral("unlink"),
                         linked ? m_theme->accent : m_theme->quietText, off));
}

void TransportBar::setPlaying(bool playing) {
    m_playing = playing;
    m_play->setAccessibleName(playing ? tr("Pause") : tr("Play"));
    dressIcons();
}

void TransportBar::setTime(double timeS) {
    m_clock->setText(clockText(timeS));
    m_scrubber->setTime(timeS);
}

void TransportBar::setDuration(double seconds) {
    m_scrubber->setDuration(seconds);
    m_duration->setText(durationText(seconds));
}

void TransportBar::setSpeed(double speed) {
    m_speed = speed;
    m_speedButton->setText(speedText(speed));
    m_slower->setEnabled(slowerThan(speed) < speed);
    m_faster->setEnabled(fasterThan(speed) > speed);
}

void TransportBar::setStep(const QString& text) {
    m_step->setText(text);
}

void TransportBar::setLinked(bool linked) {
    m_link->setChecked(linked);
    dressIcons();
}

void TransportBar::setClockOf(std::optional<Side> side) {
    m_clockOf = side;
    m_clocks->setChecked(side.has_value());
    const QString words =
        side ? tr("The clock of pane %1 is in hand: click a pane to take its clock. Press for one clock (C)")
                   .arg(QLatin1Char(letter(*side)))
             : tr("One clock for both panes. Press for a clock each (C)");
    m_clocks->setText(side ? QString(QLatin1Char(letter(*side))) : tr("A+B"));
    m_clocks->setToolTip(words);
    m_clocks->setAccessibleName(words);
    dressClocks();
}

void TransportBar::dressClocks() {
    if (m_theme) {
        const QColor ink = m_clockOf ? m_theme->strategies[index(*m_clockOf)] : m_theme->quietText;
        m_clocks->setStyleSheet(
            QStringLiteral("QToolButton { color: %1; font-weight: 600; }").arg(ink.name()));
    }
}

void TransportBar::setMarks(std::vector<TimeMark> marks) {
    m_scrubber->setMarks(std::move(marks));
}

void TransportBar::setReducedMotion(bool reduced) {
    m_scrubber->setReducedMotion(reduced);
}

void TransportBar::fillSpeeds() {
    m_speeds->clear();
    auto* group = new QActionGroup(m_speeds);
    for (const double speed : speeds()) {
        QAction* action = m_speeds->addAction(speedText(speed));
        action->setCheckable(true);
        action->setChecked(speed == m_speed);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, speed] { emit speedChanged(speed); });
    }
}

void TransportBar::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Space:
        emit playToggled(!m_playing);
        break;
    case Qt::Key_Comma:
        emit stepRequested(-1);
        break;
    case Qt::Key_Period:
        emit stepRequested(1);
        break;
    case Qt::Key_J:
        emit speedChanged(slowerThan(m_speed));
        break;
    case Qt::Key_K:
        emit playToggled(false);
        break;
    case Qt::Key_L:
        emit speedChanged(fasterThan(m_speed));
        break;
    case Qt::Key_Home:
        emit seekRequested(0);
        break;
    case Qt::Key_End:
        emit seekRequested(m_scrubber->duration());
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace atlas::widgets
