// A programme in the fixed format of `atlas programme --json`, and its ledger as CSV.
#pragma once

#include "model/explore/programme.h"

#include <nlohmann/json.hpp>

#include <string>

namespace atlas::cli {

/// `{"months":[{"month","entities":{NAME:{"cash_in_usd","cash_out_usd","balance_usd"}}}],"headline":{...}}`,
/// and beside these the tranches, the models and the balance check.
[[nodiscard]] nlohmann::ordered_json programmeJson(const explore::Programme& programme);

/// One payment a row: month,payer,payee,kind,what,usd.
[[nodiscard]] std::string ledgerCsv(const finance::CashFlow& cash);

} // namespace atlas::cli
