// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.limits.UnfinishedUpdate;
import dev.jrun.container.limits.UpdatedLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a container keeps the journal of an update, as long as that lasts or if it was cut off. */
public final class KeptUpdate {

    private final ContainerId id;
    private final Path path;

    /** @param path the container's directory */
    KeptUpdate(ContainerId id, Path path) {
        this.id = id;
        this.path = path;
    }

    /**
     * Begins the journal of an update.
     *
     * @param before what the container's record has of limits
     * @throws ContainerException if it cannot be written
     */
    public UpdateJournal begin(UpdatedLimits before) throws ContainerException {
        try {
            return UpdateJournal.begin(id, OwnDirectory.open(path), before);
        } catch (IOException e) {
            throw StateStore.unwritable(id, e);
        }
    }

    /**
     * What an update has left that did not end.
     *
     * @throws ContainerException if it cannot be read
     */
    public Optional<UnfinishedUpdate> unfinished() throws ContainerException {
        try (OwnDirectory directory = OwnDirectory.open(path)) {
            try (InputStream document = directory.open(directory.regular(UpdateJournal.FILE))) {
                return UpdateJournal.read(document);
            }
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw StateStore.failure("cannot read what an update of container " + id + " has left", e);
        }
    }

    public void forget() throws ContainerException {
        try (OwnDirectory directory = OwnDirectory.open(path)) {
            directory.remove(UpdateJournal.FILE);
        } catch (IOException e) {
            throw StateStore.unwritable(id, e);
        }
    }
}
