// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.launch.StartProgram;
import dev.jrun.launch.netdev.NetworkNamespacePin;
import dev.jrun.launch.notify.NotifySocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Removes the directory of a container, and nothing that is not one. */
final class StateRemoval {

    /** All that a container's directory ever holds. */
    private static final Set<String> FILES = Set.of(
            StateStore.STATE,
            StateStore.NEW_STATE,
            StateStore.CONFIG,
            UpdateJournal.FILE,
            StartProgram.SOCKET,
            NetworkNamespacePin.FILE,
            NotifySocket.DIRECTORY);

    private StateRemoval() {}

    /**
     * Removes it with all that is in it.
     *
     * @throws ContainerException if it is not a container's, or keeps a network namespace still
     * @throws IOException also if it is somebody else's
     */
    static void remove(Path path) throws IOException, ContainerException {
        try (OwnDirectory directory = OwnDirectory.open(path)) {
            removeFiles(path, directory);
        }
        Files.deleteIfExists(path);
    }

    private static void removeFiles(Path path, OwnDirectory directory) throws IOException, ContainerException {
        if (!directory.hasModeOfContainer()) {
            throw new ContainerException(path
                    + " is not the state directory of a container: its mode is not 0700; if it was one,"
                    + " remove it by hand");
        }
        List<String> names = directory.names();
        checkAreOurs(path, names);
        if (names.contains(NetworkNamespacePin.FILE)) {
            throw KeptNetwork.isInTheWay(path);
        }
        // The state goes last: as long as it is there, the rest can be found.
        for (String name : names) {
            if (name.equals(NotifySocket.DIRECTORY)) {
                directory.removeDirectory(name, NotifySocket.FILE);
            } else if (!name.equals(StateStore.STATE)) {
                directory.remove(name);
            }
        }
        directory.remove(StateStore.STATE);
    }

    /** A directory that holds anything else is not a container's. */
    private static void checkAreOurs(Path directory, List<String> names) throws ContainerException {
        for (String name : names) {
            if (!FILES.contains(name)) {
                throw new ContainerException(
                        directory + " is not the state directory of a container: \"" + name + "\" is in it");
            }
        }
    }
}
