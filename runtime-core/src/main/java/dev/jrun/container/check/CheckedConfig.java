// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.check;

import dev.jrun.seccomp.SeccompFilter;
import dev.jrun.spec.Config;
import java.util.Optional;

/**
 * A configuration that containers can be made from.
 *
 * @param seccomp the filter that its profile was compiled to, if it has one
 */
public record CheckedConfig(Config config, Optional<SeccompFilter> seccomp) {}
