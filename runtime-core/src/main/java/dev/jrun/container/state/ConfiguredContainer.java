// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import java.util.Optional;

/**
 * A container with what else is kept for those who execute something in it.
 *
 * @param kept what is kept of it
 * @param config the config.json that it was made of; empty while it is being made, and if an older version has made it
 */
public record ConfiguredContainer(ContainerRecord kept, Optional<byte[]> config) {}
