// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.OpenDirectory;
import dev.jrun.launch.netdev.NetworkNamespacePin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The network namespace that is kept in a container's state directory ({@link NetworkNamespacePin}) until the devices
 * of the host that are in it are given back. Its file exists exactly that long: removing it, in any mount namespace,
 * ends what is in the network namespace.
 */
public final class KeptNetwork {

    private final Path directory;

    KeptNetwork(Path directory) {
        this.directory = directory;
    }

    /** The state directory. */
    public Path directory() {
        return directory;
    }

    /** On which it is mounted. */
    public Path file() {
        return directory.resolve(NetworkNamespacePin.FILE);
    }

    /** Where it may be. */
    public enum Place {
        /** None is kept, or none any more: the devices were given back. */
        NOWHERE,
        /** Mounted on the file. */
        HERE,
        /** Not in this mount namespace, if anywhere: mounts do not outlive a mount namespace, nor the host. */
        ELSEWHERE
    }

    /**
     * Where it is.
     *
     * @throws ContainerException if that cannot be found out
     */
    public Place place() throws ContainerException {
        try (OwnDirectory checked = OwnDirectory.open(directory)) {
            if (!checked.names().contains(NetworkNamespacePin.FILE)) {
                return Place.NOWHERE;
            }
            try (OpenDirectory opened = open(checked)) {
                return LinuxCalls.fileSystemType(file(opened)) == Statfs.NSFS_MAGIC ? Place.HERE : Place.ELSEWHERE;
            }
        } catch (NoSuchFileException none) {
            return Place.NOWHERE;
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot find out where the network namespace of " + directory + " is kept: " + Failures.describe(e),
                    e);
        }
    }

    /**
     * Lets go of it when the devices have been given back.
     *
     * @throws ContainerException if that fails
     */
    public void letGo() throws ContainerException {
        try (OwnDirectory checked = OwnDirectory.open(directory)) {
            detach(checked);
            checked.remove(NetworkNamespacePin.FILE);
        } catch (NoSuchFileException gone) {
            return;
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot release the network namespace of " + directory + ": " + Failures.describe(e), e);
        }
    }

    /** There is no call that unmounts beneath a descriptor, but a path by way of one. */
    private void detach(OwnDirectory checked) throws IOException {
        try (OpenDirectory opened = open(checked)) {
            LinuxCalls.detach(file(opened));
        } catch (LinuxException notMounted) {
            // Whatever else it is, removing the file will say so.
        }
    }

    private OpenDirectory open(OwnDirectory checked) throws IOException {
        OpenDirectory opened = OpenDirectory.at(directory);
        if (!Files.getAttribute(opened.path(), "fileKey").equals(checked.key())) {
            opened.close();
            throw new IOException(directory + " is being replaced");
        }
        return opened;
    }

    private static Path file(OpenDirectory directory) {
        return directory.path().resolve(NetworkNamespacePin.FILE);
    }

    /** Devices of the host may be in there, and there is no init to reach them by. */
    public ContainerException isElsewhere() {
        Path file = file();
        return new ContainerException(
                "the network devices of the container cannot be returned: its network namespace is not mounted on "
                        + file
                        + " in this mount namespace, and its init has ended;"
                        + " delete it from the mount namespace in which it"
                        + " was made or, if that no longer exists, remove " + file + " by hand and delete it again");
    }

    /** Nothing says which devices of the host may be in there. */
    static ContainerException isInTheWay(Path directory) {
        Path file = directory.resolve(NetworkNamespacePin.FILE);
        return new ContainerException(directory + " stays: " + file
                + " keeps a network namespace, in which there may be network devices of the host;"
                + " look with nsenter --net="
                + file
                + " ip link, in the mount namespace in which the container was made, move them back with nsenter --net="
                + file
                + " ip link set DEVICE netns 1, then unmount and remove that file and delete the container again");
    }
}
