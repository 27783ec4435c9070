// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a class of tests a view of the host with cgroup v2 alone. Where the host itself is like that the class is
 * skipped: the one that it extends has tested it.
 */
public final class UnifiedOnlyView implements BeforeAllCallback, AfterAllCallback {

    private HostView.UnifiedOnly view;

    /** Comes before the methods that the class has for this, so that it looks for what containers need itself. */
    @Override
    public void beforeAll(ExtensionContext context) {
        Programs.needContainers();
        Programs.skipUnless(
                !HostView.isUnifiedOnly(),
                "this host has cgroup v2 alone: "
                        + context.getRequiredTestClass().getSuperclass().getSimpleName() + " tests it");
        view = HostView.UnifiedOnly.open();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (view != null) {
            view.close();
        }
    }

    public HostView view() {
        return view;
    }
}
