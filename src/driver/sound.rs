use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::{AudioContext, AudioContextState, OscillatorType};

/// The notes, in hertz, and the seconds after which each begins.
const NOTES: [(f32, f64); 2] = [(587.33, 0.0), (880.0, 0.09)];
/// The time that a note takes to fade, in seconds.
const FADE: f64 = 0.35;
/// The loudness of a note, of 1.
const GAIN: f32 = 0.06;

/// A short soft sound of two notes, made by the browser: there is no file to fetch, and no policy of the page
/// that could forbid it.
#[derive(Default)]
pub(super) struct Sound(RefCell<Option<AudioContext>>);

impl Sound {
    /// Gets ready during a gesture of the visitor; without one, browsers keep pages silent.
    pub(super) fn prepare(&self) {
        let mut context = self.0.borrow_mut();
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        if let Some(context) = context.as_ref() {
            _ = context.resume();
        }
    }

    /// Plays it, unless the browser does not let the page make a sound yet.
    pub(super) fn play(&self) {
        self.prepare();
        if let Some(context) = self.0.borrow().as_ref()
            && context.state() == AudioContextState::Running
        {
            // Silence is no reason to stop anything.
            _ = NOTES.iter().try_for_each(|note| play(context, *note));
        }
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        // One that the browser keeps suspended has nothing to close, and would reject what `resume` has returned.
        if let Some(context) = self.0.take()
            && context.state() == AudioContextState::Running
        {
            _ = context.close();
        }
    }
}

fn play(context: &AudioContext, (pitch, after): (f32, f64)) -> Result<(), JsValue> {
    let begin = context.current_time() + after;
    let (tone, volume) = (context.create_oscillator()?, context.create_gain()?);
    tone.set_type(OscillatorType::Sine);
    tone.frequency().set_value(pitch);
    let gain = volume.gain();
    gain.set_value_at_time(GAIN, begin)?;
    gain.exponential_ramp_to_value_at_time(0.0001, begin + FADE)?;
    tone.connect_with_audio_node(&volume)?;
    volume.connect_with_audio_node(&context.destination())?;
    tone.start_with_when(begin)?;
    tone.stop_with_when(begin + FADE)
}
