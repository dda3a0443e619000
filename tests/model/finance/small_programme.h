// A programme small enough to check by hand: a leased cluster that is paid for, and a second one built in two
// tranches.
#pragma once

#include "model/scenario/scenario.h"

namespace atlas::test {

inline scenario::Scenario smallProgramme() {
    using catalog::Sourced;
    using scenario::Month;
    scenario::Scenario s;
    s.name = "small";
    s.start = Month::of(2026, 5);
    s.horizonMonths = 24;

    scenario::GpuClass old;
    old.id = "old";
    old.priceUsd = Sourced(10000);
    old.clusterCapexUsd = Sourced(20000);
    old.tdpW = Sourced(400);
    old.hostOverheadW = Sourced(100);
    scenario::GpuClass fresh = old;
    fresh.id = "fresh";
    fresh.priceUsd = Sourced(40000);
    fresh.clusterCapexUsd = Sourced(60000);
    s.gpus = {old, fresh};

    scenario::Cluster one;
    one.id = "one";
    one.name = "One";
    scenario::Island island;
    island.id = "i";
    island.gpu = "old";
    island.gpuCount = Sourced(1000);
    island.firstMonth = Month::of(2024, 5);
    one.islands = {island};
    one.pue = Sourced(1.25);
    one.energyUsdPerJoule = Sourced(0.072 / 3.6e6);
    one.provisionedPowerW = Sourced(1e6);

    scenario::Cluster two = one;
    two.id = "two";
    two.name = "Two";
    two.islands.front().gpu = "fresh";
    two.islands.front().gpuCount = Sourced(300);
    two.islands.front().firstMonth = Month::of(2026, 5);
    two.islands.front().tranches = {{Month::of(2026, 5), Sourced(100), {}},
                                    {Month::of(2026, 11), Sourced(200), {}},
                                    {Month::of(2027, 5), Sourced(300), {}}};
    two.provisionedPowerW = Sourced(0.3e6);
    s.clusters = {one, two};

    scenario::Contract lease;
    lease.id = "lease";
    lease.name = "Lease";
    lease.tenant = "Tenant";
    lease.lessor = "Lessor";
    lease.owner = "Lab";
    lease.usdPerMonth = Sourced(2e6);
    lease.shareOfThisCluster = Sourced(0.5);
    lease.start = Month::of(2026, 5);
    lease.end = Month::of(2027, 10);
    lease.ramp = {0.25, 0.5};
    lease.noticeDays = 90;
    s.contracts = {lease};

    s.economics.facilityUsdPerW = Sourced(10);
    s.economics.maintenanceSharePerYear = Sourced(0.06);
    s.economics.staffPerMw = Sourced(2);
    s.economics.staffUsdPerYear = Sourced(120000);
    s.economics.failedGpuPerYear = Sourced(0.036);
    s.economics.discountRatePerYear = Sourced(0.12);
    s.economics.debtRatePerYear = Sourced(0.12);
    s.economics.gpuPriceDecayPerYear = Sourced(0.3);
    s.economics.startingCashUsd = Sourced(3e6);
    s.economics.loadFactor = Sourced(0.8);

    scenario::Strategy leaseOnly;
    leaseOnly.id = "lease";
    leaseOnly.name = "Lease one";
    leaseOnly.assignments = {{"one", scenario::Activity::Lease, "chat", "lease", {}, s.start}};
    scenario::Strategy build = leaseOnly;
    build.id = "build";
    build.name = "Lease one, build two";
    build.assignments.push_back({"two", scenario::Activity::Train, "run", "", {}, s.start});
    scenario::Strategy train;
    train.id = "train";
    train.name = "Train on one";
    train.assignments = {{"one", scenario::Activity::Train, "run", "", {}, s.start}};
    s.strategies = {leaseOnly, build, train};
    return s;
}

} // namespace atlas::test
