// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.lifecycle;

import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.UnifiedOnlyView;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same on a host that has cgroup v2 alone; where the host is not like that, in a view of it that is. */
class EndOfFrozenContainersOnUnifiedIT extends EndOfFrozenContainersIT {

    @RegisterExtension
    static final UnifiedOnlyView UNIFIED = new UnifiedOnlyView();

    @Override
    protected HostView view() {
        return UNIFIED.view();
    }
}
