// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * The directory of one container, kept open: a launch writes its state several times, but checks its owner only once.
 */
public final class OpenState implements AutoCloseable {

    private final OwnDirectory directory;

    OpenState(OwnDirectory directory) {
        this.directory = directory;
    }

    /**
     * Keeps {@code container}.
     *
     * @throws ContainerException if it cannot be written
     */
    public void write(ContainerRecord container) throws ContainerException {
        try {
            try (OutputStream out = directory.make(StateStore.NEW_STATE)) {
                RecordFormat.write(container, out);
            }
            directory.rename(StateStore.NEW_STATE, StateStore.STATE);
        } catch (IOException e) {
            throw StateStore.unwritable(container.id(), e);
        }
    }

    /**
     * Keeps the configuration that {@code container} is made of. It is there before its first process is known, and
     * never changes.
     *
     * @throws ContainerException if it cannot be written
     */
    public void writeConfig(ContainerRecord container, byte[] config) throws ContainerException {
        try (OutputStream out = directory.make(StateStore.CONFIG)) {
            out.write(config);
        } catch (IOException e) {
            throw StateStore.unwritable(container.id(), e);
        }
    }

    /**
     * Reads it.
     *
     * @param id the container's
     * @throws ContainerException if it is not there any more, or cannot be read
     */
    public byte[] readConfig(ContainerId id) throws ContainerException {
        try (InputStream document = directory.open(directory.regular(StateStore.CONFIG))) {
            return document.readAllBytes();
        } catch (IOException e) {
            throw StateStore.unreadableConfig(id, e);
        }
    }

    @Override
    public void close() {
        try {
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the directory of a state", e);
        }
    }
}
