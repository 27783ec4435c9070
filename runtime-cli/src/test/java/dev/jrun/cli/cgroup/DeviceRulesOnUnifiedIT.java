// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.cgroup;

import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.UnifiedOnlyView;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same rules kept by an eBPF program: on cgroup v2 alone, in a view of the host if it is not like that. */
class DeviceRulesOnUnifiedIT extends DeviceRulesIT {

    @RegisterExtension
    static final UnifiedOnlyView UNIFIED = new UnifiedOnlyView();

    @Override
    protected HostView view() {
        return UNIFIED.view();
    }
}
