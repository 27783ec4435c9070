// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.update;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.device.DevicePolicy;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Config;
import dev.jrun.spec.Linux.IntelRdt;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.DeviceRule;
import dev.jrun.spec.reading.ConfigReader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Current limits of a container that its cgroup does not show: from its record if an update changed them, otherwise
 * from the configuration that it was made from. The latter is read only if needed.
 */
final class FormerLimits {

    private final Host host;
    private final StateStore store;
    private final ContainerRecord container;
    private Config config;

    FormerLimits(Host host, StateStore store, ContainerRecord container) {
        this.host = host;
        this.store = store;
        this.container = container;
    }

    /** The limit of memory and swap together; −1: none. Empty if none was ever said, or one of swap alone. */
    OptionalLong memoryAndSwap() throws ContainerException, SessionBrokenException {
        OptionalLong updated = container.updated().memoryAndSwap();
        if (updated.isPresent()) {
            return updated;
        }
        Resources configured = config().resources();
        return configured.unified().containsKey(Resources.SWAP_FILE)
                ? OptionalLong.empty()
                : configured.memory().swap();
    }

    /** What its devices may be used for. */
    DevicePolicy devices() throws ContainerException, CgroupException, SessionBrokenException {
        Optional<List<DeviceRule>> updated = container.updated().devices();
        return DevicePolicy.of(
                updated.isPresent() ? updated.get() : config().resources().devices());
    }

    /** Its class of service, if it has one. */
    Optional<IntelRdt> intelRdt() throws ContainerException, SessionBrokenException {
        return config().linux().intelRdt();
    }

    private Config config() throws ContainerException, SessionBrokenException {
        if (config == null) {
            config = read();
        }
        return config;
    }

    private Config read() throws ContainerException, SessionBrokenException {
        try (var _ = host.memory().toRead(store.configLength(container.id()))) {
            Optional<byte[]> document =
                    store.readConfigured(container.id(), Optional.empty()).config();
            return document.flatMap(bytes -> ConfigReader.read(bytes).value())
                    .orElseThrow(() -> new ContainerException("the former limits of container " + container.id()
                            + " are unknown: its state has no config.json that can be read"));
        }
    }
}
