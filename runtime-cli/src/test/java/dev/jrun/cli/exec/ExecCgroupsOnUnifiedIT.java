// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.exec;

import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.UnifiedOnlyView;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As {@link ExecCgroupsIT}, on a host that has cgroup v2 alone. */
class ExecCgroupsOnUnifiedIT extends ExecCgroupsIT {

    @RegisterExtension
    static final UnifiedOnlyView UNIFIED = new UnifiedOnlyView();

    @Override
    protected HostView view() {
        return UNIFIED.view();
    }
}
