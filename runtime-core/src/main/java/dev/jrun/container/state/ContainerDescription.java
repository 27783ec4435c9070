// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.launch.SeccompListener;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Hooks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a container was made from; this never changes.
 *
 * @param ociVersion of its configuration
 * @param bundle absolute
 * @param rootfs absolute
 * @param created when it was
 * @param owner the user id of its creator
 * @param annotations of its configuration
 * @param hooks those of its configuration that run after its creation: poststart and poststop
 * @param listener who answers notifications of its seccomp filter
 * @param endsWithInit whether it has a pid namespace of its own, so that none of its processes outlives the first one
 * @param callersKeyring whether it has its creator's session keyring, and none of its own
 */
public record ContainerDescription(
        String ociVersion,
        ContainerId id,
        Path bundle,
        Path rootfs,
        Instant created,
        int owner,
        Annotations annotations,
        Hooks hooks,
        Optional<SeccompListener> listener,
        boolean endsWithInit,
        boolean callersKeyring) {

    /** The same, without all that they are told, and without them. */
    ContainerDescription withoutWhatIsTold() {
        return new ContainerDescription(
                ociVersion,
                id,
                bundle,
                rootfs,
                created,
                owner,
                Annotations.NONE,
                Hooks.NONE,
                Optional.empty(),
                endsWithInit,
                callersKeyring);
    }
}
