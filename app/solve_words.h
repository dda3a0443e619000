// The solver's questions and answers in words: what a person writes as a target, and what it takes.
#pragma once

#include "model/explore/solve.h"
#include "widgets/choice_row.h"

#include <QString>

namespace atlas::app {

/// Outcomes one can ask for, ids and words, in the order of the programme's rows.
[[nodiscard]] widgets::ChoiceRow::Items outcomeItems();
/// Every number that may change: what only the money reads first, then the rest, in the order of the file.
[[nodiscard]] widgets::ChoiceRow::Items leverItems(const scenario::Scenario& scenario);

/// A target as written: a quantity in the row's unit ("$0", "30 %"), or for rows of months a date
/// ("2027-03", its end) or a number of months after the start. Errors: neither.
[[nodiscard]] Result<double> targetOf(const QString& words, const explore::Headline& row,
                                      scenario::Month start);
/// How a target of a row is written.
[[nodiscard]] QString targetExample(const explore::Headline& row, scenario::Month start);

/// "The lease fee would have to be $2.95B/month, 4.7 times what it is", or why nothing would do.
[[nodiscard]] QString answerWords(const explore::Answer& answer, const explore::Question& question,
                                  const scenario::Scenario& scenario);
/// The lever and the outcome as they are, with the lever's range and source.
[[nodiscard]] QString todayWords(const explore::Answer& answer, const explore::Question& question,
                                 const scenario::Scenario& scenario);

} // namespace atlas::app
