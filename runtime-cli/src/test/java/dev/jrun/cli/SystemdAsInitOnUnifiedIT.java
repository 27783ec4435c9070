// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import org.junit.jupiter.api.extension.RegisterExtension;

/** As {@link SystemdAsInitIT}, on a host that has cgroup v2 alone. */
class SystemdAsInitOnUnifiedIT extends SystemdAsInitIT {

    @RegisterExtension
    static final UnifiedOnlyView UNIFIED = new UnifiedOnlyView();

    @Override
    HostView view() {
        return UNIFIED.view();
    }
}
