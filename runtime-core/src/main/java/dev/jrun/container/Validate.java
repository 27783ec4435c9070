// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.container.check.CheckedConfig;
import dev.jrun.container.check.ConfigCheck;
import dev.jrun.container.launch.BundleReader;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.launch.BundlePath;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.reading.Reading;
import java.util.List;

/** {@code validate}: reports what is wrong with a bundle's config.json, and does nothing else. */
public final class Validate {

    private final Host host;

    public Validate(Host host) {
        this.host = host;
    }

    /**
     * What {@code create} would say of the configuration before it does anything: all problems, what is not implemented
     * or not to be had on this host among them, and all warnings.
     *
     * @param allowed which annotations the caller lets have an effect that have none otherwise
     * @param cgroups who is to make its cgroup
     * @throws ContainerException if the caller cannot read the bundle; the shim awaits its next program
     */
    public Reading<CheckedConfig> execute(
            Session session, BundlePath bundle, List<Annotation> allowed, CgroupDriver.Kind cgroups)
            throws ContainerException, SessionBrokenException {
        byte[] document = new BundleReader(session, host).read(bundle).config();
        try (var _ = host.memory().toRead(document)) {
            return ConfigCheck.examine(document, host.support(), allowed, cgroups);
        }
    }
}
