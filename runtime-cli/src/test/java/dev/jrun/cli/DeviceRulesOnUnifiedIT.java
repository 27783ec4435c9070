// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same rules kept by an eBPF program: on cgroup v2 alone, in a view of the host if it is not like that. */
class DeviceRulesOnUnifiedIT extends DeviceRulesIT {

    private static HostView.UnifiedOnly unified;

    @BeforeAll
    static void openView() {
        Programs.skipUnless(!HostView.isUnifiedOnly(), "this host has cgroup v2 alone: DeviceRulesIT tests it");
        unified = HostView.UnifiedOnly.open();
    }

    @AfterAll
    static void closeView() {
        if (unified != null) {
            unified.close();
        }
    }

    @Override
    HostView view() {
        return unified;
    }
}
