// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import org.junit.jupiter.api.extension.RegisterExtension;

/** The same rules kept by an eBPF program: on cgroup v2 alone, in a view of the host if it is not like that. */
class DeviceRulesOnUnifiedIT extends DeviceRulesIT {

    @RegisterExtension
    static final UnifiedOnlyView UNIFIED = new UnifiedOnlyView();

    @Override
    HostView view() {
        return UNIFIED.view();
    }
}
