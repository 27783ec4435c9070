// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.spec.reading.DefaultConfig;

/** Which jrun this is. */
public final class Version {

    /** As in the parent pom, which a test compares. */
    public static final String JRUN = "0.1.0";

    private Version() {}

    /**
     * In the form of {@code runc --version}, which clients read. Docker shows what is behind {@code commit:} as the
     * runtime's revision. A distribution knows no commit, so it has the name of the build, and says so.
     *
     * @param build what the distribution is called by: a hash of its content
     */
    public static String text(String build) {
        return "jrun version " + JRUN + "\ncommit: build-" + build + "\nspec: " + DefaultConfig.OCI_VERSION + "\njava: "
                + System.getProperty("java.version") + "\n";
    }
}
