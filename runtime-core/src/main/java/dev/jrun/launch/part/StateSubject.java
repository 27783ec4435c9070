// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import dev.jrun.spec.Annotations;
import dev.jrun.spec.Hooks;
import java.nio.file.Path;

/**
 * What a container's hooks, and the agent of its seccomp filter, are told about it.
 *
 * @param ociVersion of its configuration
 * @param bundle absolute
 * @param annotations of its configuration
 * @param hooks of its configuration
 */
public record StateSubject(String ociVersion, String id, Path bundle, Annotations annotations, Hooks hooks) {}
