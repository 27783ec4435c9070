// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.container;

import dev.jrun.cli.testing.host.HostView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Containers on a host that has cgroup v2 alone, or on what looks like one: where crun runs, too. */
public abstract class UnifiedContainers extends RealContainers {

    private static HostView view;

    @BeforeAll
    static void openView() {
        view = HostView.isUnifiedOnly() ? new HostView.AsIs() : HostView.UnifiedOnly.open();
    }

    @AfterAll
    static void closeView() {
        if (view != null) {
            view.close();
        }
    }

    @Override
    protected HostView view() {
        return view;
    }
}
