// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same processes on a host that has cgroup v2 alone; where the host is not like that, in a view of it that is. */
class ProcessOnUnifiedIT extends ProcessIT {

    private static HostView.UnifiedOnly unified;

    @BeforeAll
    static void openView() {
        Programs.skipUnless(!HostView.isUnifiedOnly(), "this host has cgroup v2 alone: ProcessIT tests it");
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
