// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.systemd;

import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.UnifiedOnlyView;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As {@link SystemdAsInitIT}, on a host that has cgroup v2 alone. */
class SystemdAsInitOnUnifiedIT extends SystemdAsInitIT {

    @RegisterExtension
    static final UnifiedOnlyView UNIFIED = new UnifiedOnlyView();

    @Override
    protected HostView view() {
        return UNIFIED.view();
    }
}
